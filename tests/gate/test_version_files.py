"""Which version a file declares, by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.version_files import same_version, version_in


@pytest.mark.parametrize(
    ("path", "text", "version"),
    [
        ("pyproject.toml", '[project]\nversion = "1.2.3"', "1.2.3"),
        ("pyproject.toml", '[tool.poetry]\nversion = "1.2.3"', "1.2.3"),
        ("pyproject.toml", '[project]\ndynamic = ["version"]', None),
        ("pyproject.toml", 'project = "no table"', None),
        ("pyproject.toml", "[project\n", None),
        ("Cargo.toml", '[package]\nversion = "1.2.3"', "1.2.3"),
        ("Cargo.toml", '[workspace.package]\nversion = "1.2.3"', "1.2.3"),
        ("Cargo.toml", "[package]\nversion.workspace = true", None),
        ("web/package.json", '{"version": "v1.2.3"}', "1.2.3"),
        ("web/package.json", '{"version": 3}', None),
        ("web/package.json", "[]", None),
        ("web/package.json", "{", None),
        ("web/package.json", "[" * 60_000, None),
        ("VERSION", "1.2.3\n", "1.2.3"),
        ("VERSION", "v1.2.3", "1.2.3"),
        ("src/__init__.py", '"""x"""\n__version__ = "1.2.3"\n', "1.2.3"),
        ("setup.cfg", "[metadata]\nversion = 1.2.3\n", "1.2.3"),
        ("pubspec.yaml", "name: x\nversion: 1.2.3+4\n", "1.2.3+4"),
        ("README.md", "nothing here", None),
        ("web/package.json", '\ufeff{"version": "1.2.3"}', "1.2.3"),
        ("setup.py", 'setup(name="shop", version="1.2.3")', "1.2.3"),
        ("shop.gemspec", 'Gem::Specification.new do |s|\n  s.version = "1.2.3"\n', "1.2.3"),
        ("mix.exs", '  @version "1.2.3"\n', "1.2.3"),
        ("src/shop.py", '__version__: str = "1.2.3"\n', "1.2.3"),
        ("chart/Chart.yaml", "dependencies:\n- name: x\n  version: 9.9.9\nversion: 1.2.3\n", "1.2.3"),
        ("chart/Chart.yaml", "dependencies:\n- name: x\n  version: 9.9.9\n", None),
        ("version.yml", "1.2.3\n", "1.2.3"),
        ("docker-compose.yml", 'version: "3.8"\n', None),
        (
            "pom.xml",
            "<project><parent><version>9</version></parent><!-- <version>8</version> --><a/><version>1.2.3</version>",
            "1.2.3",
        ),
        ("pom.xml", "<project><parent><version>9.9.9</version></parent></project>", None),
        ("shop.csproj", "<Project><PropertyGroup><Version>1.2.3</Version></PropertyGroup></Project>", "1.2.3"),
        ("shop.csproj", "<Project><ItemGroup><P><Version>9.9.9</Version></P></ItemGroup></Project>", None),
    ],
)
def test_version_in(path, text, version):
    assert version_in(path, text) == version


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("1.0.0", "1.0.0", True),
        ("1.0.0rc2", "1.0.0-rc.2", True),
        ("1.0", "1.0.0", True),
        ("1.0.0", "1.0.1", False),
        ("1.0.1+2", "1.0.1", True),
        ("1.0.1+2", "1.0.1-rc.1+2", False),
        ("one", "1.0.0", False),
        ("one", "one", True),
    ],
)
def test_same_version(left, right, same):
    assert same_version(left, right) is same


@given(path=st.sampled_from(["a.toml", "a.json", "VERSION", "a.yml", "pom.xml"]), text=st.text())
def test_no_text_makes_it_raise(path, text):
    version_in(path, text)
