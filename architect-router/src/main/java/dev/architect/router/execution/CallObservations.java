package dev.architect.router.execution;

import dev.architect.cost.LedgerEntry;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes each call, so that a tracer makes a span of it: named {@code chat} and the model, of kind client, with the attributes of the
 * OpenTelemetry conventions for generative AI (semantic conventions 1.42.0, status development, read on 2026-11-28) and
 * without any text. Whatever a handler of observations throws is logged, and the call goes on. Safe for use by several threads.
 */
final class CallObservations {

    private static final Logger LOG = LoggerFactory.getLogger(CallObservations.class);

    private static final String NAME = "gen_ai.client.operation";
    private static final String CHAT = "chat";

    /** Vendors for which the conventions have a name that differs from ours. */
    private static final Map<String, String> PROVIDER_NAMES = Map.of("claude", "anthropic", "gemini", "gcp.gemini");

    private final @Nullable ObservationRegistry registry;

    /** Creates observations in a registry; null for none. */
    CallObservations(@Nullable ObservationRegistry registry) {
        this.registry = registry;
    }

    /** Begins to observe a call; null when calls are not observed. */
    @Nullable
    Running start(RequestContext context, ModelId model) {
        if (registry == null || registry.isNoop()) {
            return null;
        }
        Observation.Scope outer = registry.getCurrentObservationScope();
        Observation started = null;
        try {
            SenderContext<Object> span = new SenderContext<>((carrier, key, value) -> {}, Kind.CLIENT);
            // Nothing is sent with it: the HTTP client below has its own.
            span.setCarrier(span);
            started = Observation.createNotStarted(NAME, () -> span, registry)
                    .contextualName(CHAT + " " + model.model())
                    .lowCardinalityKeyValue("gen_ai.operation.name", CHAT)
                    .lowCardinalityKeyValue(
                            "gen_ai.provider.name", PROVIDER_NAMES.getOrDefault(model.provider(), model.provider()))
                    .lowCardinalityKeyValue("gen_ai.request.model", model.model())
                    .highCardinalityKeyValue("architect.request.id", context.requestId())
                    .start();
            return new Running(started, started.openScope(), registry, outer);
        } catch (Throwable failure) {
            warn(failure);
            // A handler that throws when the scope is opened leaves it on the thread.
            registry.setCurrentObservationScope(outer);
            if (started != null) {
                end(started);
            }
            return null;
        }
    }

    private static void end(Observation observation) {
        try {
            observation.stop();
        } catch (Throwable failure) {
            warn(failure);
        }
    }

    private static void warn(Throwable failure) {
        LOG.warn("a call was not observed: {}", failure.getClass().getName());
    }

    /** A call that is observed. */
    static final class Running {
        private final Observation observation;
        private final Observation.Scope scope;
        private final ObservationRegistry registry;
        private final Observation.@Nullable Scope outer;

        private Running(
                Observation observation,
                Observation.Scope scope,
                ObservationRegistry registry,
                Observation.@Nullable Scope outer) {
            this.observation = observation;
            this.scope = scope;
            this.registry = registry;
            this.outer = outer;
        }

        /** Ends what belongs to the thread of the call: the provider is done. */
        void leave() {
            try {
                scope.close();
            } catch (Throwable failure) {
                warn(failure);
            } finally {
                // Also when a handler threw: the next call of this thread is no part of this one.
                registry.setCurrentObservationScope(outer);
            }
        }

        /** Ends the observation. */
        void stop(@Nullable LedgerEntry entry, @Nullable ProviderException failure) {
            try {
                observation.lowCardinalityKeyValue(
                        "error.type",
                        failure == null ? "none" : failure.kind().name().toLowerCase(Locale.ROOT));
                if (entry != null) {
                    describe(entry);
                }
                if (failure != null) {
                    // By its kind alone: the message of its cause may be text of the prompt.
                    observation.error(new CallFailure(failure.kind().name()));
                }
            } catch (Throwable unexpected) {
                warn(unexpected);
            } finally {
                end(observation);
            }
        }

        private void describe(LedgerEntry entry) {
            observation.lowCardinalityKeyValue(
                    "gen_ai.response.model", entry.route().answered().model());
            entry.stopReason()
                    .ifPresent(reason -> observation.highCardinalityKeyValue(
                            "gen_ai.response.finish_reasons", reason.name().toLowerCase(Locale.ROOT)));
            if (entry.metering().source() == UsageSource.REPORTED
                    && entry.metering().usage().isKnown(UsageBucket.INPUT)) {
                observation
                        .highCardinalityKeyValue(
                                "gen_ai.usage.input_tokens",
                                Long.toString(entry.metering().usage().promptTokens()))
                        .highCardinalityKeyValue(
                                "gen_ai.usage.output_tokens",
                                Long.toString(entry.metering().usage().completionTokens()));
            }
        }
    }

    /** Stands for the failure of a call, without its texts. */
    static final class CallFailure extends Exception {
        private static final long serialVersionUID = 1L;

        CallFailure(String kind) {
            super(kind, null, false, false);
        }
    }
}
