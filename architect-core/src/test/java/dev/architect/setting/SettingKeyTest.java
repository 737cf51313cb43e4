package dev.architect.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.maintenance.TaskRetention;
import dev.architect.review.ReviewLimits;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be set, by name and as text. */
final class SettingKeyTest {

    private static final EngineSettings USUAL =
            new EngineSettings(TaskRetention.DEFAULT, Duration.ofDays(30), Duration.ofHours(24), ReviewLimits.USUAL);

    private static String other(SettingKey key) {
        return switch (key) {
            case REVIEW_ON_OVERDUE -> "deny";
            case REVIEW_WARN_PER_HOUR -> "7";
            default -> "77m";
        };
    }

    @ParameterizedTest
    @EnumSource
    void eachIsSetByItselfAndReadBack(SettingKey key) {
        EngineSettings changed = key.set(USUAL, other(key));

        assertThat(key.in(changed)).isEqualTo(other(key)).isNotEqualTo(key.in(USUAL));
        Arrays.stream(SettingKey.values())
                .filter(each -> each != key)
                .forEach(each -> assertThat(each.in(changed)).isEqualTo(each.in(USUAL)));
        assertThat(key.set(changed, key.in(USUAL))).isEqualTo(USUAL);
        assertThat(SettingKey.of(key.word())).contains(key);
        assertThat(key.description()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "RETENTION_DONE, 90s, 90s",
        "RETENTION_DONE, pt48h, 2d",
        "RETENTION_DONE, P7D, 7d",
        "RETENTION_DONE, 120M, 2h",
        "RETENTION_DONE, forever, forever",
        "RETENTION_RECORDS, PT1.5S, PT1.5S",
        "REVIEW_UNDO, 0s, 0s",
        "REVIEW_ON_OVERDUE, stay, stay",
    })
    void durationsAreReadInSeveralFormsAndShownInOne(SettingKey key, String text, String shown) {
        assertThat(key.in(key.set(USUAL, text))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RETENTION_DONE | 59s | retentionDone is '59s', expected 1m to 36500d",
                "RETENTION_DONE | 36501d | retentionDone is '36501d', expected 1m to 36500d",
                "RETENTION_RECORDS | forever | retentionRecords is 'forever', expected a duration such as 7d",
                "OUTAGE_LIMIT | -1h | outageLimit is '-1h', expected",
                "OUTAGE_LIMIT | soon | outageLimit is 'soon', expected a duration",
                "REVIEW_DUE_HIGH | 0s | reviewDueHigh is '0s', expected",
                "REVIEW_ON_OVERDUE | allow | reviewOnOverdue is 'allow', expected stay or deny",
                "REVIEW_WARN_PER_HOUR | 0 | reviewWarnPerHour is '0', expected a whole number, 1 or more",
                "REVIEW_WARN_PER_HOUR | many | reviewWarnPerHour is 'many', expected a whole number",
            })
    void whatCannotBeIsNamed(SettingKey key, String text, String message) {
        assertThatThrownBy(() -> key.set(USUAL, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void thereIsNoOtherName() {
        assertThat(SettingKey.of("retention")).isEmpty();
        assertThat(Arrays.stream(SettingKey.values()).map(SettingKey::word)).doesNotHaveDuplicates();
    }
}
