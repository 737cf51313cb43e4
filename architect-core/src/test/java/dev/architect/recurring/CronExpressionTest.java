package dev.architect.recurring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a cron expression comes, and what is wrong with one. */
final class CronExpressionTest {

    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> next(String cron, String after, int count) {
        List<String> found = new ArrayList<>();
        Optional<Instant> each = Optional.of(Instant.parse(after + "Z"));
        CronExpression expression = CronExpression.parse(cron);
        for (int i = 0; i < count; i++) {
            each = expression.next(each.orElseThrow(), UTC);
            found.add(each.orElseThrow().toString());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *|2026-01-01T00:00:30|2026-01-01T00:01:00Z",
                "* * * * * *|2026-01-01T00:00:30|2026-01-01T00:00:31Z",
                "*/15 * * * *|2026-01-01T00:44:59|2026-01-01T00:45:00Z",
                "*/15 * * * *|2026-01-01T00:45:00|2026-01-01T01:00:00Z",
                "7/20 * * * *|2026-01-01T00:28:00|2026-01-01T00:47:00Z",
                "0 9-17/4 * * *|2026-01-01T13:00:00|2026-01-01T17:00:00Z",
                "0 9-17/4 * * *|2026-01-01T17:00:00|2026-01-02T09:00:00Z",
                "0,30 12 * * MON-FRI|2026-01-02T12:30:00|2026-01-05T12:00:00Z",
                "0 0 29 2 *|2026-01-01T00:00:00|2028-02-29T00:00:00Z",
                "0 0 29 2 *|2096-03-01T00:00:00|2104-02-29T00:00:00Z",
                "0 0 31 * *|2026-01-31T00:00:00|2026-03-31T00:00:00Z",
                "0 0 L * *|2026-02-01T00:00:00|2026-02-28T00:00:00Z",
                "0 0 L-2 * *|2026-02-01T00:00:00|2026-02-26T00:00:00Z",
                "0 0 LW * *|2026-02-01T00:00:00|2026-02-27T00:00:00Z",
                "0 0 1W * *|2026-08-01T00:00:00|2026-08-03T00:00:00Z",
                "0 0 15W * *|2026-08-01T00:00:00|2026-08-14T00:00:00Z",
                "0 0 31W * *|2026-05-01T00:00:00|2026-05-29T00:00:00Z",
                "0 0 * * FRIL|2026-08-01T00:00:00|2026-08-28T00:00:00Z",
                "0 0 * * 5#2|2026-08-01T00:00:00|2026-08-14T00:00:00Z",
                "0 0 * * sun#5|2026-08-01T00:00:00|2026-08-30T00:00:00Z",
                "0 0 * * 7|2026-08-01T00:00:00|2026-08-02T00:00:00Z",
                "0 0 * * 0|2026-08-01T00:00:00|2026-08-02T00:00:00Z",
                "0 0 * * FRI-SUN|2026-08-02T00:00:00|2026-08-07T00:00:00Z",
                "0 0 13 * FRI|2026-08-01T00:00:00|2026-08-07T00:00:00Z",
                "0 0 13 * ?|2026-08-01T00:00:00|2026-08-13T00:00:00Z",
                "0 0 */2 * MON|2026-08-01T00:00:00|2026-08-03T00:00:00Z",
                "0 0 1 jan,JUL *|2026-02-01T00:00:00|2026-07-01T00:00:00Z",
                "59 59 23 31 12 *|2026-02-01T00:00:00|2026-12-31T23:59:59Z",
                "@daily|2026-02-01T00:00:00|2026-02-02T00:00:00Z",
                "@HOURLY|2026-02-01T00:00:00|2026-02-01T01:00:00Z",
                "@weekly|2026-02-01T00:00:00|2026-02-08T00:00:00Z",
                "@monthly|2026-02-01T00:00:00|2026-03-01T00:00:00Z",
                "@yearly|2026-02-01T00:00:00|2027-01-01T00:00:00Z",
            })
    void comesNext(String cron, String after, String expected) {
        assertThat(next(cron, after, 1)).containsExactly(expected);
    }

    @Test
    void anHourThatDoesNotExistComesOnceAtTheNextValidInstant() {
        // On 29 March 2026 the wall clock goes from 02:00 to 03:00.
        Instant before = Instant.parse("2026-03-28T12:00:00Z");
        Instant jump = Instant.parse("2026-03-29T01:00:00Z");
        for (String cron : List.of("30 2 * * *", "*/10 2 * * *", "0 2,3 * * *", "0 0-59/7 2 * * *")) {
            CronExpression expression = CronExpression.parse(cron);
            List<Instant> that = between(expression, before, jump.plus(Duration.ofMinutes(59)), BERLIN).stream()
                    .filter(instant -> !instant.isBefore(jump))
                    .toList();
            assertThat(that).as(cron).containsExactly(jump);
        }
        assertThat(CronExpression.parse("15 3 * * *").next(before, BERLIN))
                .contains(Instant.parse("2026-03-29T01:15:00Z"));
    }

    @Test
    void aDayThatDoesNotExistComesOnce() {
        // Samoa had no 30 December 2011.
        ZoneId apia = ZoneId.of("Pacific/Apia");
        Instant before = LocalDateTime.of(2011, 12, 29, 23, 59).atZone(apia).toInstant();
        Instant end = LocalDateTime.of(2011, 12, 31, 0, 0).atZone(apia).toInstant();

        assertThat(between(CronExpression.parse("0 * 30 12 *"), before, end.plusSeconds(3_600), apia))
                .containsExactly(end);
    }

    @Test
    void anHourThatComesTwiceComesOnce() {
        // On 25 October 2026 the wall clock shows 02:00 to 03:00 twice.
        Instant before = Instant.parse("2026-10-24T12:00:00Z");
        Instant after = Instant.parse("2026-10-25T03:00:00Z");

        assertThat(between(CronExpression.parse("30 2 * * *"), before, after, BERLIN))
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"));
        List<Instant> hourly =
                between(CronExpression.parse("0 * * * *"), Instant.parse("2026-10-24T23:00:00Z"), after, BERLIN);
        assertThat(hourly)
                .containsExactly(
                        Instant.parse("2026-10-25T00:00:00Z"),
                        Instant.parse("2026-10-25T02:00:00Z"),
                        Instant.parse("2026-10-25T03:00:00Z"));
        // From within the second showing.
        assertThat(CronExpression.parse("* * * * * *").next(Instant.parse("2026-10-25T01:10:00Z"), BERLIN))
                .contains(Instant.parse("2026-10-25T02:00:00Z"));
    }

    private static List<Instant> between(CronExpression cron, Instant after, Instant last, ZoneId zone) {
        return Stream.iterate(
                        cron.next(after, zone),
                        next -> next.filter(instant -> !instant.isAfter(last)).isPresent(),
                        next -> cron.next(next.orElseThrow(), zone))
                .map(Optional::orElseThrow)
                .toList();
    }

    @Test
    void comesAtEachTimeThatTheWallClockShowsAndNoOther() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ZoneId zone = ZoneId.of(List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
                .get(random.nextInt(4)));
        int minute = random.nextInt(60);
        int first = random.nextInt(24);
        int last = first + random.nextInt(24 - first);
        DayOfWeek day = DayOfWeek.of(1 + random.nextInt(7));
        boolean hasDay = random.nextBoolean();
        CronExpression cron =
                CronExpression.parse(minute + " " + first + "-" + last + " * * " + (hasDay ? day.getValue() : "*"));
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = Instant.parse("2027-01-01T00:00:00Z");

        List<Instant> expected = new ArrayList<>();
        LocalDateTime local = LocalDateTime.ofInstant(begin, zone).minusDays(1).withMinute(minute);
        for (; local.isBefore(LocalDateTime.ofInstant(end, zone).plusDays(1)); local = local.plusHours(1)) {
            if (local.getHour() >= first && local.getHour() <= last && (!hasDay || local.getDayOfWeek() == day)) {
                List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
                Instant instant = offsets.isEmpty()
                        ? zone.getRules().getTransition(local).getInstant()
                        : local.toInstant(offsets.get(0));
                if (instant.isAfter(begin) && !instant.isAfter(end) && !expected.contains(instant)) {
                    expected.add(instant);
                }
            }
        }

        assertThat(between(cron, begin, end, zone))
                .as("seed %d, %s in %s", seed, cron, zone)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 * * * *|minute|60|1",
                "* 24 * * *|hour|24|3",
                "* * 0 * *|day of month|0|5",
                "* * 32 * *|day of month|32|5",
                "* * * 13 *|month|13|7",
                "* * * JAM *|month|JAM|7",
                "* * * * 8|day of week|8|9",
                "* * * * FUN|day of week|FUN|9",
                "0 0 0-99 * * *|hour|99|7",
                "1,,2 * * * *|minute|1,,2|1",
                "5-1 * * * *|minute|5-1|1",
                "*/0 * * * *|minute|0|3",
                "*/x * * * *|minute|x|3",
                "1- * * * *|minute|''|3",
                "-1 * * * *|minute|''|1",
                "1.5 * * * *|minute|1.5|1",
                "* * 40W * *|day of month|40W|5",
                "* * L-31 * *|day of month|L-31|5",
                "* * * * FRI#6|day of week|FRI#6|9",
                "* * * * 9L|day of week|9|9",
                "@often|expression|@often|1",
                "* * * *|expression|* * * *|1",
                "* * * * * * 2026|expression|* * * * * * 2026|1",
                "0 0 30 2 *|expression|0 0 30 2 *|1",
                "0 0 31 4,6,9,11 *|expression|0 0 31 4,6,9,11 *|1",
                "99999999999 * * * *|minute|99999999999|1",
                "１ * * * *|minute|１|1",
            })
    void namesWhatIsWrong(String cron, String field, String value, int position) {
        assertThatThrownBy(() -> CronExpression.parse(cron))
                .isInstanceOfSatisfying(InvalidCronException.class, wrong -> {
                    assertThat(wrong.field()).isEqualTo(field);
                    assertThat(wrong.value()).isEqualTo(value);
                    assertThat(wrong.position()).isEqualTo(position);
                    assertThat(wrong)
                            .hasMessageStartingWith("cron: " + field + " is '" + value + "' at character " + position)
                            .hasMessageEndingWith(", expected " + wrong.expected());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void refusesNothing(String empty) {
        assertThatThrownBy(() -> CronExpression.parse(empty)).isInstanceOf(InvalidCronException.class);
    }

    @Test
    void refusesLongTextAndNull() {
        assertThatThrownBy(() -> CronExpression.parse("*".repeat(256))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CronExpression.parse(null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyTextIsReadOrRefusedInOneWay() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "0123456789*?,-/#LW MONJAN@\t";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                CronExpression.parse(text.toString());
            } catch (InvalidCronException expected) {
                assertThat(expected.position()).as("seed %d, %s", seed, text).isPositive();
            }
        }
    }

    @Test
    void endsWithTheYears() {
        assertThat(CronExpression.parse("* * * * *").next(Instant.parse("9999-06-01T00:00:00Z"), UTC))
                .isEmpty();
        assertThat(CronExpression.parse("* * * * *").next(Instant.parse("9998-12-31T23:59:00Z"), UTC))
                .isEmpty();
        assertThat(CronExpression.parse("* * * * *").next(Instant.MAX, BERLIN)).isEmpty();
        assertThat(CronExpression.parse("* * * * *").next(Instant.MIN, BERLIN)).isPresent();
    }
}
