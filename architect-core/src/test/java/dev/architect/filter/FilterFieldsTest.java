package dev.architect.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterFieldsTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");

    private static final FilterFields FIELDS = FilterFields.of(
            FilterField.words("state", List.of("ready", "running", "done")),
            FilterField.of("type", FilterField.Type.TEXT),
            FilterField.of("project", FilterField.Type.SINGLE),
            FilterField.of("created", FilterField.Type.TIME),
            FilterField.withoutIndex("label"));

    private static CheckedFilter check(String text) {
        return FIELDS.check(Filter.parse(text), BERLIN, NOW);
    }

    private static InvalidFilterException refused(String text) {
        return catchThrowableOfType(InvalidFilterException.class, () -> check(text));
    }

    @Test
    void joinsTheTermsOfAField() {
        CheckedFilter checked = check("state:ready,running type:a,b type:b,c -type:d project:x -state:done,ready");

        assertThat(checked.names("state")).isEqualTo(new NameFilter(Set.of("running"), Set.of("done", "ready")));
        assertThat(checked.names("type")).isEqualTo(new NameFilter(Set.of("b"), Set.of("d")));
        assertThat(checked.single("project")).contains("x");
        assertThat(checked.times("created")).isEqualTo(TimeRange.ALL);
        assertThat(check("").names("type")).isEqualTo(NameFilter.ALL);
        assertThat(check("").single("project")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-01, 2026-10-31T23:00:00Z, 2026-11-01T23:00:00Z",
        "2026-10-25, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        "2026-11-01..2026-11-08, 2026-10-31T23:00:00Z, 2026-11-08T23:00:00Z",
        "<2026-11-01, , 2026-10-31T23:00:00Z",
        "<=2026-11-01, , 2026-11-01T23:00:00Z",
        ">2026-11-01, 2026-11-01T23:00:00Z, ",
        ">=2026-11-01, 2026-10-31T23:00:00Z, ",
        "2026-11-01T10:00:00Z, 2026-11-01T10:00:00Z, 2026-11-01T10:00:00.000001Z",
        "2026-11-01T10:00+02:00, 2026-11-01T08:00:00Z, 2026-11-01T08:00:00.000001Z",
        ">=2026-11-01T10:00, 2026-11-01T09:00:00Z, ",
        "-7d, 2026-11-03T12:00:00Z, ",
        "-2w..-90m, 2026-10-27T12:00:00Z, 2026-11-10T10:30:00.000001Z",
        "<-1h, , 2026-11-10T11:00:00Z",
        ">-30s, 2026-11-10T11:59:30.000001Z, ",
    })
    void readsTimesInTheZoneOfTheReader(String value, Instant from, Instant before) {
        assertThat(check("created:" + value).times("created"))
                .isEqualTo(new TimeRange(Optional.ofNullable(from), Optional.ofNullable(before)));
    }

    @Test
    void joinsTimes() {
        assertThat(check("created:>=2026-11-01 created:<-1d created:<2027-01-01")
                        .times("created"))
                .isEqualTo(new TimeRange(
                        Optional.of(Instant.parse("2026-10-31T23:00:00Z")),
                        Optional.of(Instant.parse("2026-11-09T12:00:00Z"))));
    }

    @Test
    void suggestsTheNearestField() {
        InvalidFilterException wrong = refused("state:ready tipe:a");

        assertThat(wrong.kind()).isEqualTo(InvalidFilterException.Kind.UNKNOWN_FIELD);
        assertThat(wrong.position()).isEqualTo(13);
        assertThat(wrong.field()).contains("tipe");
        assertThat(wrong.nearest()).contains("type");
        assertThat(wrong)
                .hasMessage(
                        "filter has the unknown field 'tipe' at position 13, did you mean 'type', expected one of state,"
                                + " type, project, created");
    }

    @Test
    void suggestsTheNearestWord() {
        InvalidFilterException wrong = refused("state:ready,runing");

        assertThat(wrong.kind()).isEqualTo(InvalidFilterException.Kind.INVALID_VALUE);
        assertThat(wrong.value()).isEqualTo("runing");
        assertThat(wrong.nearest()).contains("running");
        assertThat(wrong)
                .hasMessage(
                        "filter has 'state:runing' at position 1, did you mean 'running', expected one of ready, running,"
                                + " done");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout|the word 'timeout'",
                "label:a|the field 'label'",
                "project:a,b|the field 'project'",
                "-project:a|the field 'project'",
            })
    void refusesWhatNoIndexFinds(String text, String seen) {
        InvalidFilterException wrong = refused(text);

        assertThat(wrong.kind()).isEqualTo(InvalidFilterException.Kind.NO_INDEX);
        assertThat(wrong)
                .hasMessageStartingWith("filter has " + seen + " at position 1, which no index finds, expected ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type:>a|values that are equal",
                "type:a..b|values that are equal",
                "created:soon|a time such as",
                "created:2026-13-01|a time such as",
                "created:-7y|a time such as",
                "created:2026-11-01,2026-11-02|one time or range",
                "-created:2026-11-01|one time or range",
                "type:a type:b|a value that the other terms",
                "type:a -type:a|a value that the other terms",
            })
    void refusesValuesOfAnotherType(String text, String expected) {
        InvalidFilterException wrong = refused(text);

        assertThat(wrong.kind()).isEqualTo(InvalidFilterException.Kind.INVALID_VALUE);
        assertThat(wrong.expectation()).startsWith(expected);
        assertThat(wrong.field()).isPresent();
    }

    @Test
    void shortensWhatItShows() {
        assertThat(refused("state:" + "x".repeat(1_000)).getMessage()).hasSizeLessThan(300);
    }

    @Test
    void hasEachFieldOnce() {
        assertThatThrownBy(() -> FilterFields.of(
                        FilterField.of("a", FilterField.Type.TEXT), FilterField.of("a", FilterField.Type.TIME)))
                .hasMessage("fields have 'a' twice, expected each name once");
    }

    @Test
    void namesPassWhenTheyAreIncludedAndNotExcluded() {
        assertThat(NameFilter.ALL.accepts("a")).isTrue();
        assertThat(NameFilter.of("a").accepts("b")).isFalse();
        assertThat(NameFilter.except("a").accepts("a")).isFalse();
        assertThat(NameFilter.except("a").accepts("b")).isTrue();
        assertThat(new NameFilter(Set.of("a"), Set.of("a")).accepts("a")).isFalse();
    }
}
