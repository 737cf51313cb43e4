package dev.architect.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TokenUsageTest {

    private static final TokenUsage CACHED = TokenUsage.builder()
            .add(UsageBucket.INPUT, 10)
            .add(UsageBucket.CACHE_READ, 90)
            .add(UsageBucket.OUTPUT, 7)
            .add(UsageBucket.REASONING_IN_OUTPUT, 5)
            .add(UsageBucket.WEB_SEARCH, 1)
            .build();

    @Test
    void countsEachTokenOnce() {
        assertThat(CACHED.promptTokens()).isEqualTo(100);
        assertThat(CACHED.completionTokens()).isEqualTo(7);
    }

    @Test
    void tellsUnknownFromZero() {
        assertThat(TokenUsage.of(0, 1).isKnown(UsageBucket.INPUT)).isTrue();
        assertThat(TokenUsage.UNKNOWN.isKnown(UsageBucket.INPUT)).isFalse();
        assertThat(TokenUsage.UNKNOWN.isUnknown()).isTrue();
    }

    @Test
    void readsWhatItWrote() {
        assertThat(TokenUsage.parse(CACHED.encode())).isEqualTo(CACHED);
        assertThat(TokenUsage.parse("")).isEqualTo(TokenUsage.UNKNOWN);
    }

    @Test
    void leavesOutBucketsOfANewerVersion() {
        assertThat(TokenUsage.parse("INPUT=3,HOLOGRAM=9")).isEqualTo(TokenUsage.parse("INPUT=3"));
    }

    @Test
    void refusesNegativeCountsAndForeignText() {
        assertThatThrownBy(() -> new TokenUsage(Map.of(UsageBucket.INPUT, -1L)))
                .hasMessage("INPUT is -1, expected 0 or more");
        assertThatThrownBy(() -> TokenUsage.parse("nonsense")).hasMessageContaining("expected BUCKET=count pairs");
    }
}
