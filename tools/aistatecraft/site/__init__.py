"""The site: a static website with a page for every record, table and question of a package."""

from aistatecraft.site.build import BuiltSite, build_site

__all__ = ["BuiltSite", "build_site"]
