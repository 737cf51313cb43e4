package dev.architect.recurring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.task.Priority;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which instants of a schedule are fired. */
final class ScheduleTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final TaskRequest TASK = TaskRequest.prompt("report");

    private static Schedule schedule(String cron, CatchUp catchUp) {
        ScheduleRequest request =
                ScheduleRequest.cron("s", cron, ZoneOffset.UTC, TASK).withCatchUp(catchUp);
        return new Schedule(7, request, false, request.recurrence().next(START, START), Optional.empty(), START, 1);
    }

    private static List<String> fired(Schedule schedule, Instant now) {
        return ScheduleFiring.due(schedule, now).items().stream()
                .map(item -> item.instant().toString())
                .toList();
    }

    @Test
    void whatIsALittleLateWasNotMissed() {
        Instant now = Instant.parse("2026-01-01T01:01:00Z");

        for (CatchUp catchUp : List.of(CatchUp.NONE, CatchUp.LAST, CatchUp.all(5))) {
            ScheduleFiring firing = ScheduleFiring.due(schedule("0 * * * *", catchUp), now);
            assertThat(firing.items()).hasSize(1);
            assertThat(firing.items().get(0).note()).isEmpty();
            assertThat(firing.next()).contains(Instant.parse("2026-01-01T02:00:00Z"));
            assertThat(firing.last()).contains(now);
        }
    }

    @Test
    void missedInstantsAreFiredAsThePolicySays() {
        Instant now = Instant.parse("2026-01-01T05:30:00Z");

        assertThat(fired(schedule("0 * * * *", CatchUp.NONE), now)).isEmpty();
        assertThat(fired(schedule("0 * * * *", CatchUp.LAST), now)).containsExactly("2026-01-01T05:00:00Z");
        assertThat(fired(schedule("0 * * * *", CatchUp.all(2)), now))
                .containsExactly("2026-01-01T04:00:00Z", "2026-01-01T05:00:00Z");
        assertThat(fired(schedule("0 * * * *", CatchUp.all(5)), now)).hasSize(5);
        assertThat(ScheduleFiring.due(schedule("0 * * * *", CatchUp.all(5)), now)
                        .items())
                .allMatch(item -> item.note().isEmpty());
        assertThat(ScheduleFiring.due(schedule("0 * * * *", CatchUp.all(4)), now)
                        .items()
                        .get(0)
                        .note())
                .isEqualTo(ScheduleFiring.AFTER_MISSED);
    }

    @Test
    void oneThatIsNotMissedStandsForTheMissedOnes() {
        Instant now = Instant.parse("2026-01-01T05:00:20Z");

        assertThat(fired(schedule("0 * * * *", CatchUp.NONE), now)).containsExactly("2026-01-01T05:00:00Z");
        assertThat(fired(schedule("0 * * * *", CatchUp.LAST), now)).containsExactly("2026-01-01T05:00:00Z");
        assertThat(fired(schedule("0 * * * *", CatchUp.all(1)), now))
                .containsExactly("2026-01-01T04:00:00Z", "2026-01-01T05:00:00Z");
    }

    @Test
    void aLongOutageOfAScheduleOfEachSecondCostsLittle() {
        Instant now = START.plus(Duration.ofDays(3_650));

        assertThat(fired(schedule("* * * * * *", CatchUp.NONE), now)).hasSize(61);
        assertThat(fired(schedule("* * * * * *", CatchUp.all(CatchUp.MAX_LIMIT)), now))
                .hasSize(CatchUp.MAX_LIMIT + 61);
        assertThat(fired(schedule("* * 3 1 1 *", CatchUp.LAST), now)).hasSize(1);
    }

    @Test
    void anInstantThatIsOverNeverComesAgain() {
        Schedule fired = new Schedule(
                7,
                ScheduleRequest.every("s", Duration.ofHours(1), TASK),
                false,
                Optional.of(START.plusSeconds(7_200)),
                Optional.of(START.plusSeconds(3_600)),
                START,
                3);

        // The clock was set back.
        assertThat(fired.resumed(START).next()).contains(START.plusSeconds(7_200));
        assertThat(fired.with(ScheduleRequest.every("s", Duration.ofMinutes(30), TASK), START)
                        .next())
                .contains(START.plusSeconds(5_400));
        assertThat(fired.paused().with(fired.request(), START).next()).isEmpty();
        assertThatThrownBy(() -> ScheduleFiring.due(fired, START)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScheduleFiring.due(fired.paused(), START))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNextInstantsAreShownWhilePausedToo() {
        Schedule schedule = schedule("0 0 * * *", CatchUp.LAST);

        assertThat(schedule.preview(START, 2))
                .containsExactly(Instant.parse("2026-01-02T00:00:00Z"), Instant.parse("2026-01-03T00:00:00Z"));
        assertThat(schedule.paused().preview(START, 1)).containsExactly(Instant.parse("2026-01-02T00:00:00Z"));
        assertThatThrownBy(() -> schedule.preview(START, 1_001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysOfInstantsDiffer() {
        Schedule schedule = schedule("* * * * * *", CatchUp.NONE);

        assertThat(ScheduleFiring.due(schedule, START.plusSeconds(60)).submissions())
                .extracting(submission -> submission.key().orElseThrow())
                .doesNotHaveDuplicates()
                .hasSize(60);
    }

    @Test
    void requestsAreWrittenAndReadBack() {
        for (ScheduleRequest request : List.of(
                ScheduleRequest.cron("s", "0 12 * * MON", Recurrence.zone("Europe/Berlin"), TASK),
                ScheduleRequest.every("s", Duration.ofSeconds(90), TASK.withPriority(Priority.LOW))
                        .withCatchUp(CatchUp.all(7)),
                ScheduleRequest.every("s", Duration.ofDays(1), TASK.withQueue("night"))
                        .withCatchUp(CatchUp.NONE))) {
            assertThat(ScheduleCodec.read("s", ScheduleCodec.write(request))).isEqualTo(request);
        }
        // Missing fields have their defaults, unknown ones are ignored.
        assertThat(ScheduleCodec.read("s", "{\"every\":\"1h\",\"new\":1,\"task\":{\"type\":\"t\",\"new\":2}}"))
                .isEqualTo(ScheduleRequest.every("s", Duration.ofHours(1), TaskRequest.of("t", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"cron\":\"* * * * *\",\"every\":\"1h\"}",
                "{\"cron\":\"61 * * * *\"}",
                "{\"cron\":\"* * * * *\",\"zone\":\"Mars/Base\"}",
                "{\"every\":\"1h\",\"zone\":\"UTC\"}",
                "{\"every\":\"0s\"}",
                "{\"every\":\"soon\"}",
                "{\"every\":\"400d\"}"
            })
    void refusesTimesThatCannotBe(String json) {
        assertThatThrownBy(() -> ScheduleCodec.recurrence(JsonFields.parse(json)))
                .isInstanceOf(InvalidFieldException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"catchUp\":\"some\"}",
                "{\"catchUp\":\"all\"}",
                "{\"catchUp\":\"all\",\"catchUpLimit\":0}",
                "{\"catchUp\":\"all\",\"catchUpLimit\":1001}",
                "{\"catchUp\":\"last\",\"catchUpLimit\":2}"
            })
    void refusesPoliciesThatCannotBe(String json) {
        assertThatThrownBy(() -> ScheduleCodec.catchUp(JsonFields.parse(json)))
                .isInstanceOf(InvalidFieldException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Upper", "-a", "a b", "ä"})
    void refusesNamesThatCannotBe(String name) {
        assertThatThrownBy(() -> ScheduleRequest.every(name, Duration.ofHours(1), TASK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name is '");
    }
}
