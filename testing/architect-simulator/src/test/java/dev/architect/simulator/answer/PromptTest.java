package dev.architect.simulator.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Token counts, cache breakpoints and hashes of prompts. */
class PromptTest {

    @Test
    void countsTheTextsOfAMessageAsOne() {
        Prompt parts = new Prompt().begin("user").text("12").text("34");
        assertThat(parts.tokens()).isEqualTo(1 + 4);
        assertThat(parts.lastUser()).isEqualTo("1234");
        assertThat(parts.hash()).isEqualTo(new Prompt().add("user", "1234").hash());
        assertThat(parts.begin("user").text("5").lastUser()).isEqualTo("5");
    }

    @Test
    void setsABreakpointBehindEverythingBefore() {
        Prompt one = new Prompt()
                .add("system", "12345678")
                .cacheBreakpoint(Prompt.CacheLifetime.LONG)
                .add("user", "a");
        Prompt two = new Prompt()
                .add("system", "12345678")
                .cacheBreakpoint(Prompt.CacheLifetime.LONG)
                .add("user", "b");
        assertThat(one.lastCacheBreakpoint()).isEqualTo(two.lastCacheBreakpoint());
        assertThat(Objects.requireNonNull(one.lastCacheBreakpoint()).tokens()).isEqualTo(6);
        assertThat(one.hash()).isNotEqualTo(two.hash());
    }

    @Test
    void distinguishesImages() {
        Prompt one = new Prompt().begin("user").media("AAAA").cacheBreakpoint(Prompt.CacheLifetime.SHORT);
        Prompt two = new Prompt().begin("user").media("AAAB").cacheBreakpoint(Prompt.CacheLifetime.SHORT);
        assertThat(one.lastCacheBreakpoint()).isNotEqualTo(two.lastCacheBreakpoint());
        assertThat(one.tokens()).isEqualTo(89);
        assertThat(one.media()).isEqualTo(1);
    }

    @Test
    void evictsTheLeastRecentlyUsedPrefix() {
        PromptCache cache = new PromptCache();
        assertThat(cache.lookUpAndAdd("p", "m", 0)).isFalse();
        assertThat(cache.lookUpAndAdd("p", "other", 0)).isFalse();
        for (int i = 1; i < PromptCache.LIMIT; i++) {
            cache.lookUpAndAdd("p", "m", i);
        }
        assertThat(cache.lookUpAndAdd("p", "m", PromptCache.LIMIT - 1)).isTrue();
        assertThat(cache.lookUpAndAdd("p", "m", 0)).isFalse();
    }
}
