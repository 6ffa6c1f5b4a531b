"""The SQL behind `core.keeper`. Also read by the set-up of the embedded PostgreSQL and by tests."""

from __future__ import annotations

ROLE = "axsupport_keeper"  # as embedded/postgres.py, deploy/postgres-role.sh and the docs make it

# What the function may touch, and no more: a column where a row only changes.
RIGHTS = (
    "SELECT, DELETE, UPDATE (facts) ON core_journalentry",
    "SELECT, DELETE, UPDATE (reason) ON entitlements_ledgerentry",
    "SELECT, INSERT ON core_tombstone",
    "SELECT ON accounts_organisation",
    "SELECT (id, organisation_id) ON accounts_person",
    "SELECT ON accounts_erasure",
)

# The age that the journal keeps whatever anybody asks; the last word of the function.
LEAST_DAYS = 90

FUNCTION = f"""
CREATE OR REPLACE FUNCTION core_forget(what text, asked jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {{schema}}, pg_temp AS $$
DECLARE
    keys bigint[] := ARRAY(
        SELECT jsonb_array_elements_text(coalesce(asked->'keys', '[]'::jsonb))::bigint);
    about bigint := (asked->>'about')::bigint;
    pattern text := asked->>'pattern';
    done bigint := 0;
    oldest date;
    newest date;
    rows text := '';
    digest text;
    before text;
BEGIN
    -- One after the other: each tombstone carries the digest of the one before.
    PERFORM pg_advisory_xact_lock(hashtext('core_tombstone'));
    IF what = 'journal.old' THEN
        IF EXISTS (SELECT FROM core_journalentry
                   WHERE id = ANY (keys) AND at > now() - interval '{LEAST_DAYS} days') THEN
            RAISE EXCEPTION 'the journal of the last {LEAST_DAYS} days stays'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        WITH gone AS (DELETE FROM core_journalentry WHERE id = ANY (keys) RETURNING *)
        SELECT count(*), min(at)::date, max(at)::date, string_agg(gone::text, E'\\n' ORDER BY id)
          INTO done, oldest, newest, rows FROM gone;
    ELSIF what IN ('journal.organisation', 'ledger.organisation') THEN
        IF NOT EXISTS (SELECT FROM accounts_organisation
                       WHERE id = about AND closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the organisation is not closed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF what = 'journal.organisation' THEN
            -- With what its people did that is of no organisation, such as a token of theirs.
            WITH gone AS (
                DELETE FROM core_journalentry
                 WHERE organisation_id = about OR (organisation_id IS NULL AND by_id IN (
                       SELECT id FROM accounts_person WHERE organisation_id = about))
                RETURNING *)
            SELECT count(*), min(at)::date, max(at)::date,
                   string_agg(gone::text, E'\\n' ORDER BY id)
              INTO done, oldest, newest, rows FROM gone;
        ELSE
            WITH gone AS (
                DELETE FROM entitlements_ledgerentry WHERE organisation_id = about RETURNING *)
            SELECT count(*), min(at)::date, max(at)::date,
                   string_agg(gone::text, E'\\n' ORDER BY id)
              INTO done, oldest, newest, rows FROM gone;
        END IF;
    ELSIF what IN ('journal.person', 'ledger.person') THEN
        IF NOT EXISTS (SELECT FROM accounts_erasure
                       WHERE person_id = about AND done_at IS NULL) THEN
            RAISE EXCEPTION 'nobody asked for the erasure of this person'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF what = 'journal.person' THEN
            WITH changed AS (
                UPDATE core_journalentry entry
                   SET facts = regexp_replace(
                           (CASE WHEN by_id = about OR subject = 'accounts.person:' || about
                                 THEN facts - 'from_address' ELSE facts END)::text,
                           pattern, '[erased]', 'gi')::jsonb
                 WHERE id = ANY (keys) RETURNING id, at)
            SELECT count(*), min(at)::date, max(at)::date, string_agg(id::text, ' ' ORDER BY id)
              INTO done, oldest, newest, rows FROM changed;
        ELSE
            WITH changed AS (
                UPDATE entitlements_ledgerentry entry
                   SET reason = regexp_replace(reason, pattern, '[erased]', 'gi')
                 WHERE id = ANY (keys) RETURNING id, at)
            SELECT count(*), min(at)::date, max(at)::date, string_agg(id::text, ' ' ORDER BY id)
              INTO done, oldest, newest, rows FROM changed;
        END IF;
    ELSIF what IN ('mail.raw', 'mail.suppressed', 'person.erased', 'organisation.deleted') THEN
        -- Rows of tables that the desk itself removed from, in the same transaction.
        done := (asked->>'count')::bigint;
        oldest := (asked->>'oldest')::date;
        newest := (asked->>'newest')::date;
        rows := coalesce(asked->>'rows', '');
    ELSE
        RAISE EXCEPTION '% is nothing that is ever forgotten', what
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF done > 0 THEN
        SELECT chain INTO before FROM core_tombstone ORDER BY id DESC LIMIT 1;
        digest := encode(sha256(convert_to(coalesce(rows, ''), 'UTF8')), 'hex');
        INSERT INTO core_tombstone
            (at, kind, count, oldest, newest, about, by_id, digest, chain)
        VALUES ((asked->>'at')::timestamptz, what, done, oldest, newest,
                coalesce(asked->>'subject', ''), (asked->>'by')::bigint, digest,
                encode(sha256(convert_to(concat_ws('|', coalesce(before, ''), what, done, oldest,
                    newest, coalesce(asked->>'subject', ''), digest), 'UTF8')), 'hex'));
    END IF;
    RETURN done;
END $$;
"""


def open_to_keeper(table: str) -> str:
    """The trigger function of an append-only table that lets the keeper's role alone through."""
    return f"""
        CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_user = '{ROLE}' THEN
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            RAISE EXCEPTION '{table} is append-only: write a new row that corrects the old one'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
    """


def closed_to_keeper(table: str) -> str:
    """As it was before: nobody passes."""
    return f"""
        CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{table} is append-only: write a new row that corrects the old one'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
    """


# Only the keeper sets a tombstone; the append-only trigger keeps it as it is.
TOMBSTONES = f"""
    CREATE FUNCTION core_tombstone_by_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_user <> '{ROLE}' THEN
            RAISE EXCEPTION 'core_tombstone is written by core_forget() alone'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER core_tombstone_by_keeper BEFORE INSERT ON core_tombstone
        FOR EACH ROW EXECUTE FUNCTION core_tombstone_by_keeper();
"""
NO_TOMBSTONES = """
    DROP TRIGGER core_tombstone_by_keeper ON core_tombstone;
    DROP FUNCTION core_tombstone_by_keeper();
"""
