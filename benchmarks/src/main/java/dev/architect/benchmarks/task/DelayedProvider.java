package dev.architect.benchmarks.task;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A provider in this process that answers each call after the same time. Safe for use by several threads. */
final class DelayedProvider implements ModelProvider {

    private static final TokenUsage USAGE = TokenUsage.builder()
            .add(UsageBucket.INPUT, 20)
            .add(UsageBucket.OUTPUT, 5)
            .build();

    private final String name;
    private final Duration delay;
    private final InFlightCounter calls;

    DelayedProvider(String name, Duration delay, InFlightCounter calls) {
        this.name = name;
        this.delay = delay;
        this.calls = calls;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return EnumSet.allOf(Capability.class);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        calls.begin();
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("a call was interrupted, expected each to be answered", stop);
        } finally {
            calls.end();
        }
        return ProviderAnswer.builder(call.model(), "done", StopReason.COMPLETE)
                .usage(USAGE, UsageSource.REPORTED)
                .build();
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        ProviderAnswer answer = chat(call);
        answer.replayTo(listener);
        return answer;
    }

    @Override
    public ProviderHealth probe() {
        throw new UnsupportedOperationException(name + " was probed, expected calls only");
    }

    @Override
    public void close() {}
}
