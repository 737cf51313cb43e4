package dev.architect.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.filter.FilterValue.Comparison;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

    private static FilterTerm term(int position, boolean isNegated, String field, FilterValue... values) {
        return new FilterTerm(position, isNegated, Optional.of(field), List.of(values));
    }

    private static FilterValue exactly(String text) {
        return new FilterValue.Exactly(text);
    }

    @Test
    void readsEveryKindOfTerm() {
        assertThat(Filter.parse("state:running,ready -lane:batch cost:>=0.10 created:2026-11-01..2026-11-08"
                                + " label:\"needs review\" timeout -\"a \\\"b\\\"\" n:<\"\"")
                        .terms())
                .containsExactly(
                        term(1, false, "state", exactly("running"), exactly("ready")),
                        term(21, true, "lane", exactly("batch")),
                        term(33, false, "cost", new FilterValue.Compared(Comparison.AT_LEAST, "0.10")),
                        term(45, false, "created", new FilterValue.Between("2026-11-01", "2026-11-08")),
                        term(76, false, "label", exactly("needs review")),
                        new FilterTerm(97, false, Optional.empty(), List.of(exactly("timeout"))),
                        new FilterTerm(105, true, Optional.empty(), List.of(exactly("a \"b\""))),
                        term(116, false, "n", new FilterValue.Compared(Comparison.LESS, "")));
    }

    @Test
    void takesColonsAndSignsWithinValues() {
        assertThat(Filter.parse("created:2026-11-01T10:00:00Z since:-7d a-b.c_d:x=<y")
                        .terms())
                .containsExactly(
                        term(1, false, "created", exactly("2026-11-01T10:00:00Z")),
                        term(30, false, "since", exactly("-7d")),
                        term(40, false, "a-b.c_d", exactly("x=<y")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " \t\n "})
    void readsNothingAsWhatPassesEverything(String text) {
        assertThat(Filter.parse(text)).isEqualTo(Filter.NONE);
        assertThat(Filter.NONE.text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "state:|7|a value",
                "state:a,|9|a value",
                "state:a, b|9|a value",
                "state:>|8|a value",
                "a -|4|a field or a word",
                "--a|2|a field or a word",
                "a,b|2|a blank between two terms",
                "\"a\"b|4|a blank between two terms",
                "state:\"a\"b|10|a blank between two terms",
                ":a|1|the name of a field",
                "1a:b|1|the name of a field",
                "x \"abc|3|a '\"' at the end",
                "\"a\\nb\"|4|behind a '\\'",
                "created:a..|9|a value at both ends",
                "created:..a|9|a value at both ends",
                "created:a...b|9|a value at both ends",
            })
    void namesThePlaceAndWhatWasExpected(String text, int position, String expected) {
        InvalidFilterException wrong = catchThrowableOfType(InvalidFilterException.class, () -> Filter.parse(text));

        assertThat(wrong.kind()).isEqualTo(InvalidFilterException.Kind.SYNTAX);
        assertThat(wrong.position()).isEqualTo(position);
        assertThat(wrong.expectation()).contains(expected);
        assertThat(wrong)
                .hasMessageContaining("at position " + position)
                .hasMessageEndingWith("expected " + wrong.expectation());
    }

    @Test
    void hasLimits() {
        String terms = IntStream.range(0, 32).mapToObj(i -> "a:b").collect(Collectors.joining(" "));
        assertThat(Filter.parse(terms).terms()).hasSize(32);
        assertThatThrownBy(() -> Filter.parse(terms + " last"))
                .hasMessage("filter has 'last' at position 129, expected at most 32 terms");

        assertThat(Filter.parse("a".repeat(2_000)).terms()).hasSize(1);
        assertThatThrownBy(() -> Filter.parse("a".repeat(2_001)))
                .hasMessage("filter has '2001 characters' at position 2001, expected at most 2000 characters");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                " a:\"b\"   c |a:b c",
                "a:\"b..c\"|a:\"b..c\"",
                "a:\"<b\"|a:\"<b\"",
                "a:>\"<b\"|a:><b",
                "a:>\"=b\"|a:>\"=b\"",
                "\"a:b\"|\"a:b\"",
                "\"-a\"|\"-a\"",
                "-\"a\"|-a",
                "a:\"x\\\\y\"|a:x\\y",
            })
    void writesTheShortestText(String text, String shortest) {
        assertThat(Filter.parse(text).text()).isEqualTo(shortest);
        assertThat(Filter.parse(shortest).text()).isEqualTo(shortest);
    }

    @Test
    void readsWhatItHasWritten() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            List<FilterTerm> terms = IntStream.range(0, random.nextInt(6))
                    .mapToObj(each -> randomTerm(random))
                    .toList();
            String text = new Filter(terms).text();

            Filter again = Filter.parse(text);

            assertThat(again.terms().stream().map(FilterTest::withoutPosition).toList())
                    .as("%s with seed %s", text, seed)
                    .isEqualTo(terms);
            assertThat(again.text()).isEqualTo(text);
        }
    }

    private static FilterTerm withoutPosition(FilterTerm term) {
        return new FilterTerm(1, term.isNegated(), term.field(), term.values());
    }

    private static FilterTerm randomTerm(Random random) {
        if (random.nextInt(4) == 0) {
            return new FilterTerm(1, random.nextBoolean(), Optional.empty(), List.of(exactly(randomText(random))));
        }
        return term(
                1,
                random.nextBoolean(),
                "f" + random.nextInt(3),
                IntStream.rangeClosed(0, random.nextInt(3))
                        .mapToObj(each -> switch (random.nextInt(3)) {
                            case 0 -> exactly(randomText(random));
                            case 1 ->
                                new FilterValue.Compared(Comparison.values()[random.nextInt(4)], randomText(random));
                            default -> new FilterValue.Between("a" + random.nextInt(9), "-" + random.nextInt(9));
                        })
                        .toArray(FilterValue[]::new));
    }

    private static String randomText(Random random) {
        String letters = "ab:,.-<>=\"\\ \t\u00a0ü\ud83d\ude00";
        return random.ints(random.nextInt(6), 0, letters.length())
                .mapToObj(at -> String.valueOf(letters.charAt(at)))
                .collect(Collectors.joining());
    }

    @Test
    void readsOrRefusesAnyText() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 30_000; i++) {
            String text = randomText(random) + randomText(random) + randomText(random);
            try {
                String written = Filter.parse(text).text();
                assertThat(written.length()).isLessThanOrEqualTo(text.length());
                assertThat(Filter.parse(written).text())
                        .as("%s with seed %s", text, seed)
                        .isEqualTo(written);
            } catch (InvalidFilterException wrong) {
                refused++;
                assertThat(wrong.position()).as("%s with seed %s", text, seed).isBetween(1, text.length() + 1);
            }
        }
        assertThat(refused).isBetween(1_000, 29_000);
    }
}
