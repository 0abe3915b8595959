"""The pages of the desk, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traffick_desk.desk.page import Page


def all_pages() -> tuple[type[Page], ...]:
    """All pages in the order of the navigation; those not in it follow."""
    from traffick_desk.desk.pages.case import CasePage
    from traffick_desk.desk.pages.cases import CasesPage
    from traffick_desk.desk.pages.conflicts_page import ConflictsPage
    from traffick_desk.desk.pages.directory import DirectoryPage
    from traffick_desk.desk.pages.directory_import import DirectoryImportPage
    from traffick_desk.desk.pages.directory_paper import DirectoryPaperPage
    from traffick_desk.desk.pages.directory_service import ServicePage
    from traffick_desk.desk.pages.document import DocumentPage
    from traffick_desk.desk.pages.erasure import ErasurePage
    from traffick_desk.desk.pages.facilities import FacilitiesPage
    from traffick_desk.desk.pages.intake import IntakePage
    from traffick_desk.desk.pages.keeping import KeepingPage
    from traffick_desk.desk.pages.list_export import ListExportPage
    from traffick_desk.desk.pages.log import LogPageView
    from traffick_desk.desk.pages.outreach import PreventionPage
    from traffick_desk.desk.pages.outreach_entry import OutreachEntryPage
    from traffick_desk.desk.pages.outreach_files import ActivityFilePage
    from traffick_desk.desk.pages.outreach_import import OutreachImportPage
    from traffick_desk.desk.pages.outreach_paper import OutreachPaperPage
    from traffick_desk.desk.pages.paper import PaperPage
    from traffick_desk.desk.pages.paper_office import OfficePaperPage
    from traffick_desk.desk.pages.register import RegisterPage
    from traffick_desk.desk.pages.report_cases import ReportCasesPage
    from traffick_desk.desk.pages.report_paper import ReportPaperPage
    from traffick_desk.desk.pages.report_sent import ReportsSentPage
    from traffick_desk.desk.pages.report_standards import StandardsPage
    from traffick_desk.desk.pages.reports import ReportsPage
    from traffick_desk.desk.pages.rules import RulesPage
    from traffick_desk.desk.pages.same import SamePage
    from traffick_desk.desk.pages.settings import SettingsPage
    from traffick_desk.desk.pages.sync import SyncPage
    from traffick_desk.desk.pages.tip_new import NewTipPage
    from traffick_desk.desk.pages.today import TodayPage
    from traffick_desk.desk.pages.today_work import WorkTodayPage

    return (
        TodayPage,
        WorkTodayPage,
        CasesPage,
        PreventionPage,
        DirectoryPage,
        LogPageView,
        ReportsPage,
        SyncPage,
        RulesPage,
        SettingsPage,
        IntakePage,
        NewTipPage,
        CasePage,
        DocumentPage,
        PaperPage,
        OfficePaperPage,
        RegisterPage,
        ListExportPage,
        SamePage,
        ServicePage,
        DirectoryImportPage,
        DirectoryPaperPage,
        FacilitiesPage,
        ConflictsPage,
        ReportPaperPage,
        ReportCasesPage,
        ReportsSentPage,
        StandardsPage,
        OutreachEntryPage,
        ActivityFilePage,
        OutreachImportPage,
        OutreachPaperPage,
        ErasurePage,
        KeepingPage,
    )
