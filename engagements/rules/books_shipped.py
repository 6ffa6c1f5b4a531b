"""Run book, cut-over and go / no-go as delivered; a manager's version comes before them. Pure.

The steps are those of the field, durations are assumed.
"""

RUN_BOOK = """
Hosts
- Racked, cabled, consoles answer | Team | A login prompt on each console
- System installed, patched, time synchronised | Team | The same version and time everywhere
- Storage mounted, filled to the plan and emptied again | Team | Throughput as planned
- Backup written and one mailbox restored from it | Team | The restored mailbox opens
Platform
- Every module set as the register says | Team | The register and the hosts say the same
- Domains and accounts provisioned from the directory | Team | As many accounts as the sheet says
- Certificates installed, plain logins refused | Team | A test of each listener
- Antivirus and antispam catch their test messages | Team | EICAR and GTUBE are quarantined
Way in and out
- SPF, DKIM and DMARC published | Customer | A mail to a foreign address passes all three
- Firewall opened for the listeners of the sheet | Customer | Each port answers from outside
- Relays, printers and applications listed | Customer | Each has a sender that is tested
People
- Help desk knows the plan and has an article | Customer | The first test call is answered by it
- Pilot users work on the platform for a week | Customer | No open incident of priority 1 or 2
- Fail-over rehearsed | Team | No mail lost, within the time of the requirements
- The way back rehearsed | Team | The old platform takes mail again in the planned time
"""
CUT_OVER = """
-72:00 | 30 | Export the DNS zone and keep it | Customer
-48:00 | 10 | Lower the TTL of the MX to 300 s, wait twice the old one | Customer
-24:00 | 240 | First synchronisation of all mailboxes | Team
-4:00 | 120 | Second synchronisation, of what changed | Team
0:00 | 10 | Stop logins on the old platform, split delivery on | Customer
0:10 | 60 | Last synchronisation | Team
1:10 | 20 | Compare numbers of mailboxes and messages, open ten of them | Team
1:30 | 10 | Send and receive from outside by the new platform | Team
1:40 | 10 | Switch the MX to the new platform | Customer
1:50 | 30 | Logins by web, phone and desktop of the named testers | Customer
2:20 | 10 | Delivery to the old platform off: new mail is only here | Team | no return
2:30 | 30 | Watch queues, logins and the log; tell the users | Team
way back
10 | Switch the MX back to the old platform | Customer
20 | Hand over the new mail to the old platform | Team
10 | Allow logins on the old platform again | Customer
10 | Tell the users, and keep what was seen | Team
"""
GO_NO_GO = """
criteria
- The pilot project report is accepted
- The run book is done, and no step failed
- The way back was rehearsed and fits into the window
- No incident of priority 1 or 2 of the project is open
- A backup of the old platform is less than a day old
- The help desk is staffed for the first two days
roles
- Head of IT | customer
- Operations | customer
- Account manager | vendor
- Engineer of the cut-over | vendor
"""
