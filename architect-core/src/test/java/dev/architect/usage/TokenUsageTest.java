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
    void distinguishesUnknownFromZero() {
        assertThat(TokenUsage.of(0, 1).isKnown(UsageBucket.INPUT)).isTrue();
        assertThat(TokenUsage.UNKNOWN.isKnown(UsageBucket.INPUT)).isFalse();
        assertThat(TokenUsage.UNKNOWN.isUnknown()).isTrue();
    }

    @Test
    void readsWhatItWrote() {
        assertThat(TokenUsage.ofJson(CACHED.toJson())).isEqualTo(CACHED);
        assertThat(TokenUsage.ofJson(TokenUsage.UNKNOWN.toJson())).isEqualTo(TokenUsage.UNKNOWN);
    }

    @Test
    void leavesOutBucketsOfANewerVersion() {
        assertThat(TokenUsage.ofJson("{\"input\":3,\"hologram\":9}"))
                .isEqualTo(TokenUsage.builder().add(UsageBucket.INPUT, 3).build());
    }

    @Test
    void refusesNegativeCountsAndTextOfOtherFormats() {
        assertThatThrownBy(() -> new TokenUsage(Map.of(UsageBucket.INPUT, -1L)))
                .hasMessage("INPUT is -1, expected 0 or more");
        assertThatThrownBy(() -> TokenUsage.ofJson("nonsense")).hasMessageContaining("expected a value");
        assertThatThrownBy(() -> TokenUsage.ofJson("{\"input\":\"3\"}"))
                .hasMessage("input is text, expected a number of tokens");
    }
}
