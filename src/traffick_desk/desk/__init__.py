"""The desk: the windows of the officer, on top of the services.

How a page is built
===================

A page is a subclass of :class:`traffick_desk.desk.page.Page` in
``desk/pages/<name>.py``. It builds its widgets in ``__init__``, reads through
``self.host.ask`` (in a worker thread, the answer comes to a callback), writes
through ``self.host.do``, and draws itself again in ``refresh(changed)``::

    class CasePage(Page):
        name, icon = "case", "cases"

        def __init__(self, host: Host) -> None:
            super().__init__(host)
            self.form = RecordForm(REGISTRY["person"], context=host.context)
            self.form.save_requested.connect(self.save)
            save = kit.button(_("&Save"), "save", self.save, role="primary")
            self.set_body(kit.vbox(kit.label(_("Person"), "title"), kit.card(self.form), save))

        def save(self) -> None:
            if self.form.check():
                self.host.do(SaveRecords((Edit("person", self.id, self.form.changes()),)),
                             done=lambda _result: self.form.accept())

Parts
-----

``kit``       labels, buttons, cards, badges, rows and columns, scroll areas, empty states.
              ``kit.vbox/hbox(*items, margins=, gap=)``; ``None`` among the items is a stretch.
              ``kit.label(text, role)``: title, heading, subheading, group,
              label, muted, badge, code;
              ``kit.button(text, name, on_click, role="primary"|"danger"|"quiet", icon=)``;
              tones ``accent``, ``ok``, ``due``, ``late`` on labels, badges and notices.
``theme``     ``theme.current().px(8)``, ``.colours.late``; never a literal colour or size.
``icons``     ``icons.icon("print")``; :func:`icons.names` lists them.
``editors``   ``for_field(field, context) -> Editor``: ``value()``, ``set_value(v)``, ``problem()``,
              ``understood()``, ``raw()``/``set_raw()`` for drafts, signals ``edited`` and ``left``.
              ``context.with_choices(accompanies=[Choice(id, words)])`` feeds REF fields.
``form``      ``RecordForm(record_type, values, context=, fields=, hide=, required=)``:
              ``values()``, ``changes()``, ``check()``, ``accept()``, ``draft()``/``restore()``,
              ``box(name).say(text, tone)``, ``show_fields(names, shown=)``;
              signals ``edited(name)``, ``save_requested``, ``finished``.
``parsing``   what officers type; ``show_date``, ``show_partial``, ``show_moment``,
              ``show_money``.
``tables``    ``ListModel(columns, fetch, count)`` and ``ListTable``: pages fetched through a query.
``messages``  ``host.messages.tell/warn/fail``: what happened, is the data safe, what now.
``dialogs``   ``host.dialogs.ask(...)`` only before what cannot be undone; tests give the answer.
``jobs``      ``host.jobs.run(function, done=, failed=, words=)`` away from the window's thread.

Rules: every control has an ``objectName`` and an accessible name (``kit.button``
and the editors see to it); texts are plain text; no ``exec()``; no thread but
``jobs``; names of persons never in window titles; privacy view through
``host.privacy.name(full_name)``.
"""

from __future__ import annotations
