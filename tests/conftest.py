"""Every run of pytest below this folder says why a spec is red, with or without `make`."""

from tests.runner.inside.plugin import KataPlugin


def pytest_configure(config):
    if not any(isinstance(plugin, KataPlugin) for plugin in config.pluginmanager.get_plugins()):
        config.pluginmanager.register(KataPlugin())
