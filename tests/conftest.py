"""Lets every run of pytest below this folder, `make` or not, say why a spec is red."""

from tests.runner.inside.plugin import KataPlugin


def pytest_configure(config):
    if not any(isinstance(plugin, KataPlugin) for plugin in config.pluginmanager.get_plugins()):
        config.pluginmanager.register(KataPlugin())
