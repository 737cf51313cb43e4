package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.model.Capability;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import org.junit.jupiter.api.Test;

/** Prompt caching up to the cache breakpoints of the request. */
abstract class ProviderCacheCases extends ProviderCases {

    private static final String LONG_TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(200);

    ProviderCacheCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void writesTheCacheOnceAndReadsItAfterwards() {
        chatIfSupported(Capability.CACHE_BREAKPOINTS, withBreakpoint(CacheLifetime.SHORT))
                .ifPresent(first -> {
                    ProviderAnswer second =
                            provider().chat(call(Capability.CACHE_BREAKPOINTS, withBreakpoint(CacheLifetime.SHORT)));

                    assertThat(written(first)).isPositive();
                    assertThat(second.usage().count(UsageBucket.CACHE_READ)).isEqualTo(written(first));
                    assertThat(written(second)).isZero();
                    assertUsage(first, simulator().log().get(0));
                    assertUsage(second, simulator().log().get(1));
                });
    }

    @Test
    void writesForTheLongerLifetimeOnRequest() {
        chatIfSupported(Capability.CACHE_BREAKPOINTS, withBreakpoint(CacheLifetime.LONG))
                .ifPresent(answer -> {
                    assertThat(loggedCall().longCacheWriteTokens()).isPositive();
                    assertThat(answer.usage().count(UsageBucket.CACHE_WRITE_1H)
                                    + answer.usage().count(UsageBucket.CACHE_WRITE))
                            .isEqualTo(loggedCall().longCacheWriteTokens());
                    assertUsage(answer, loggedCall());
                });
    }

    private static long written(ProviderAnswer answer) {
        return answer.usage().count(UsageBucket.CACHE_WRITE)
                + answer.usage().count(UsageBucket.CACHE_WRITE_5M)
                + answer.usage().count(UsageBucket.CACHE_WRITE_1H);
    }

    private static ChatRequest withBreakpoint(CacheLifetime lifetime) {
        return ChatRequest.builder(Message.user(
                        new Part.Text(LONG_TEXT), new Part.CacheBreakpoint(lifetime), new Part.Text(PROMPT)))
                .build();
    }
}
