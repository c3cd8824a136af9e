"""A Telegram on this machine: one world, an in-process door and an HTTP door.

The world is as strict as the real Bot API, so that what works here works there.  Start
reading in ``world.py``; what is refused, and in which words, stands in ``methods`` and in the
readers that they use (``entities``, ``keyboards``, ``parameters``).
"""
