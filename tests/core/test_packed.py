"""Style sheets and scripts of our pages are served packed."""

from __future__ import annotations

import gzip
from pathlib import Path

from django.contrib.staticfiles.finders import find, get_finders
from whitenoise import WhiteNoise

from core.joined import JOINED, JoinedFiles
from core.packed import PackedStaticFiles


def test_what_our_pages_load_lies_packed_beside_itself_and_is_served_so(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    storage = PackedStaticFiles(location=str(tmp_path), base_url="/static/")
    wanted = ("css/tokens.css", "vendor/inter/inter-latin.woff2")
    paths = {}
    for finder in get_finders():
        for name, source in finder.list([]):
            if name in wanted:
                with source.open(name) as file:
                    storage.save(name, file)
                paths[name] = (storage, name)

    made = {name: hashed for name, hashed, _ in storage.post_process(paths)}

    tokens = tmp_path / made["css/tokens.css"]
    packed = tokens.with_name(f"{tokens.name}.gz")
    assert gzip.decompress(packed.read_bytes()) == tokens.read_bytes()
    assert not list(tmp_path.rglob("*.woff2.gz"))
    served = WhiteNoise(None, root=str(tmp_path), prefix="static/").files[
        f"/static/{made['css/tokens.css']}"
    ]
    answer = served.get_response("GET", {"HTTP_ACCEPT_ENCODING": "gzip"})
    assert answer.file is not None
    answer.file.close()
    assert ("Content-Encoding", "gzip") in answer.headers


def test_what_all_pages_need_is_one_style_sheet_as_new_as_its_parts(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    finder = JoinedFiles()

    ((name, storage),) = finder.list([])
    with storage.open(name) as file:
        joined = file.read()

    assert name == "css/base.css"
    for part in JOINED[name]:
        assert Path(str(find(part))).read_bytes() in joined
    (tmp_path / "joined" / name).write_bytes(b"older")
    assert finder.find(name) == str(tmp_path / "joined" / name)
    assert (tmp_path / "joined" / name).read_bytes() == joined
    assert (finder.find("css/other.css"), finder.find("css/other.css", find_all=True)) == ([], [])
