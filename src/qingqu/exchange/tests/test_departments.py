"""Every department of the contracts has a word."""

from qingqu.exchange import contracts, departments


def test_every_owner_of_a_dataset_has_a_chinese_word():
    for name in contracts.names():
        for code in contracts.load(name).owners:
            assert departments.word(code) != code


def test_an_unknown_code_stands_as_it_is():
    assert departments.word("weather_office") == "weather_office"
