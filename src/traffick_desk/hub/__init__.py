"""The hub: a post office for sealed bundles that cannot read what it carries.

It holds no desk's private key. It learns who sends to whom, how much and when,
and nothing else (``docs/hub.md``). ``mailbox`` is what it does, ``access`` who may,
``web`` how that is said over HTTP, ``status`` the page for province IT.
"""
