package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.maintenance.TaskRetention;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.node.StaleDocumentException;
import dev.architect.setting.EffectiveSetting;
import dev.architect.setting.EffectiveSetting.Source;
import dev.architect.setting.SettingKey;
import dev.architect.setting.StoredSettings;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Settings that are changed while engines run. */
final class SettingsTest extends EngineFixture {

    private static Map<SettingKey, EffectiveSetting> effective(Architect architect) {
        return architect.settings().effective().stream()
                .collect(Collectors.toMap(EffectiveSetting::key, Function.identity()));
    }

    private static void set(Architect architect, SettingKey key, String text) {
        architect.settings().change(architect.settings().stored().with(key, text));
    }

    private static ArchitectException outOfOrder() {
        return ProviderException.builder(new ModelId("fake", "model"), FailureKind.UNAVAILABLE)
                .delivery(DeliveryStatus.NOT_SENT)
                .build();
    }

    @Test
    void aChangeHoldsOnEveryNodeAndIsKept() throws Exception {
        store.keepOpen();
        Architect one = start(builder(context -> "done").outageLimit(Duration.ofHours(2)));
        Architect two = start(context -> "done");

        set(one, SettingKey.OUTAGE_LIMIT, "30m");
        set(one, SettingKey.REVIEW_UNDO, "0s");
        set(one, SettingKey.RETENTION_DEAD, "forever");

        assertThat(one.settings().current().outageLimit()).isEqualTo(Duration.ofMinutes(30));
        advanceUntil(() -> two.settings().current().equals(one.settings().current()));
        assertThat(two.reviews().limits().undo()).isZero();
        assertThat(two.settings().current().retention().dead()).isEqualTo(TaskRetention.FOREVER);
        assertThat(effective(one).get(SettingKey.OUTAGE_LIMIT))
                .isEqualTo(new EffectiveSetting(SettingKey.OUTAGE_LIMIT, "30m", Source.STORED, "2h", "1d"));
        assertThat(effective(two).get(SettingKey.RETENTION_DONE))
                .isEqualTo(new EffectiveSetting(SettingKey.RETENTION_DONE, "7d", Source.STANDARD, "7d", "7d"));
        one.settings().change(one.settings().stored().without(SettingKey.OUTAGE_LIMIT));
        assertThat(effective(one).get(SettingKey.OUTAGE_LIMIT).source()).isEqualTo(Source.CONFIGURED);
        close(two);
        assertThat(start(context -> "done").settings().current().retention().dead())
                .isEqualTo(TaskRetention.FOREVER);
    }

    @Test
    void ofTwoChangesOfTheSameVersionOneIsMade() {
        Architect architect = start(context -> "done");
        StoredSettings seen = architect.settings().stored();
        assertThat(seen).isEqualTo(StoredSettings.NONE);

        StoredSettings first = architect.settings().change(seen.with(SettingKey.RETENTION_DONE, "3d"));

        assertThatThrownBy(() -> architect.settings().change(seen.with(SettingKey.RETENTION_DONE, "4d")))
                .isInstanceOf(StaleDocumentException.class);
        assertThat(architect.settings().stored()).isEqualTo(first);
        assertThatThrownBy(() -> architect.settings().change(first.with(SettingKey.RETENTION_DONE, "1s")))
                .hasMessage("retentionDone is '1s', expected 1m to 36500d");
        assertThat(architect.settings().current().retention().done()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void theOutageLimitOfTheMomentCounts() throws Exception {
        Architect architect = start(context -> {
            throw outOfOrder();
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "p"));
        Instant from = time.wallTime();
        advanceUntil(() -> time.wallTime().isAfter(from.plusSeconds(3_600)), Duration.ofSeconds(30));
        assertThat(task.result()).isEmpty();

        set(architect, SettingKey.OUTAGE_LIMIT, "10m");

        advanceUntil(() -> task.result().isPresent(), Duration.ofSeconds(30));
        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(task.result().orElseThrow().error().orElseThrow()).contains("expected less than 600 s");
    }

    @Test
    void endedTasksGoWhenTheyAreKeptForAShorterTime() throws Exception {
        Architect architect = start(builder(context -> "done").retention(TaskRetention.KEEP_ALL));
        TaskHandle task = architect.submit(TaskRequest.of("work", "p"));
        advanceUntil(() -> task.result().isPresent());
        Instant from = time.wallTime();
        advanceUntil(() -> time.wallTime().isAfter(from.plus(Duration.ofHours(2))), Duration.ofMinutes(5));
        assertThat(task.result()).isPresent();

        set(architect, SettingKey.RETENTION_DONE, "1h");

        advanceUntil(() -> task.result().isEmpty(), Duration.ofMinutes(5));
    }

    @Test
    void whatCannotBeReadStaysAsItWas() {
        Architect architect = start(context -> "done");
        set(architect, SettingKey.RETENTION_DONE, "3d");
        store.set((method, call) -> {
            throw new StoreException(StoreException.Kind.BUSY, "not now", null);
        });
        time.advance(Duration.ofMinutes(1));

        assertThat(architect.settings().current().retention().done()).isEqualTo(Duration.ofDays(3));
        assertThatThrownBy(() -> architect.settings().stored()).isInstanceOf(StoreException.class);
    }
}
