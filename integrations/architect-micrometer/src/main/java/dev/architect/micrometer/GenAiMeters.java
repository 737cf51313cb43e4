package dev.architect.micrometer;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Calls by the names, attributes and buckets of the OpenTelemetry semantic conventions for generative AI (status: development;
 * semantic conventions 1.42.0, docs/gen-ai/gen-ai-metrics.md, read on 2026-11-28). Later conventions stand in a repository of their own,
 * open-telemetry/semantic-conventions-genai, whose version 0.1.0 calls the same {@code gen_ai.client.inference.*}: not
 * followed before the names are stable. Safe for use by several threads.
 */
final class GenAiMeters {

    private static final String OPERATION_DURATION = "gen_ai.client.operation.duration";
    private static final String FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
    private static final String TOKEN_USAGE = "gen_ai.client.token.usage";

    /** Vendors for which the conventions have a name that differs from ours. */
    private static final Map<String, String> PROVIDER_NAMES = Map.of("claude", "anthropic", "gemini", "gcp.gemini");

    /** 0.01 s to 81.92 s, each twice the one before. */
    private static final Duration[] DURATION_BUCKETS = LongStream.range(0, 14)
            .mapToObj(power -> Duration.ofMillis(10L << power))
            .toArray(Duration[]::new);

    /** 1 to 67,108,864 tokens, each four times the one before. */
    private static final double[] TOKEN_BUCKETS =
            LongStream.range(0, 14).mapToDouble(power -> 1L << (2 * power)).toArray();

    private final MeterRegistry registry;

    GenAiMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(
            LedgerEntry entry,
            Optional<Duration> firstToken,
            String provider,
            String requestedModel,
            String answeredModel) {
        Tags tags = Tags.of(
                "gen_ai.operation.name",
                "chat",
                "gen_ai.provider.name",
                PROVIDER_NAMES.getOrDefault(provider, provider),
                "gen_ai.request.model",
                requestedModel,
                "gen_ai.response.model",
                answeredModel);
        Timer.builder(OPERATION_DURATION)
                .description("GenAI operation duration")
                .tags(tags.and("error.type", errorType(entry)))
                .serviceLevelObjectives(DURATION_BUCKETS)
                .register(registry)
                .record(entry.timing().duration());
        // Of streamed calls alone, as the conventions ask.
        firstToken.ifPresent(time -> Timer.builder(FIRST_CHUNK)
                .description("Time from the request to the first part of a streamed answer")
                .tags(tags)
                .serviceLevelObjectives(DURATION_BUCKETS)
                .register(registry)
                .record(time));
        // What the provider reported: the conventions exclude estimates by default.
        if (entry.metering().source() == UsageSource.REPORTED) {
            if (entry.metering().usage().isKnown(UsageBucket.INPUT)) {
                recordTokens(tags, "input", entry.metering().usage().promptTokens());
            }
            if (entry.metering().usage().isKnown(UsageBucket.OUTPUT)) {
                recordTokens(tags, "output", entry.metering().usage().completionTokens());
            }
        }
    }

    private void recordTokens(Tags tags, String type, long tokens) {
        DistributionSummary.builder(TOKEN_USAGE)
                .description("Number of input and output tokens used")
                .baseUnit("token")
                .tags(tags.and("gen_ai.token.type", type))
                .serviceLevelObjectives(TOKEN_BUCKETS)
                .register(registry)
                .record(tokens);
    }

    /** The conventions leave the attribute out after success; here all meters of one name have the same tags. */
    private static String errorType(LedgerEntry entry) {
        return entry.failure()
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .orElse(entry.outcome() == CallOutcome.CANCELLED ? "cancelled" : MeterWords.NONE);
    }
}
