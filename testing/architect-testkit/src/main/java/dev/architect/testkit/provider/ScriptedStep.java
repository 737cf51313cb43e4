package dev.architect.testkit.provider;

import dev.architect.chat.ChatListener;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** What a {@link ScriptedProvider} does with one call. */
@FunctionalInterface
public interface ScriptedStep {

    /**
     * Returns the answer of the call, or throws its failure.
     *
     * @param model the model that was called
     * @param call the call
     * @param listener receives the chunks; ignores them when the call does not stream
     */
    ProviderAnswer perform(ModelId model, ProviderCall call, ChatListener listener);

    /** Returns a step that streams {@code text} in one chunk per word and reports {@code usage}. */
    static ScriptedStep answer(String text, TokenUsage usage) {
        return (model, call, listener) -> {
            streamText(text, listener);
            return completeAnswer(call.model(), text, usage);
        };
    }

    /** Returns a step that answers with exactly this answer, and delivers all of it to the listener. */
    static ScriptedStep answer(ProviderAnswer answer) {
        return (model, call, listener) -> {
            answer.replayTo(listener);
            return answer;
        };
    }

    /** Returns a step that fails with an error that the provider stated. */
    static ScriptedStep fail(FailureKind kind) {
        return fail(kind, failure -> failure);
    }

    /** Returns a step that fails with whatever {@code customizer} adds to the failure. */
    static ScriptedStep fail(FailureKind kind, UnaryOperator<ProviderException.Builder> customizer) {
        return (model, call, listener) -> {
            throw customizer.apply(ProviderException.builder(model, kind)).build();
        };
    }

    /** Returns a step that streams {@code text} and then fails with {@code kind} and {@code usage}. */
    static ScriptedStep breakAfter(String text, FailureKind kind, TokenUsage usage) {
        return (model, call, listener) -> {
            streamText(text, listener);
            throw ProviderException.builder(model, kind)
                    .receivedCharacters(text.length())
                    .usage(usage)
                    .build();
        };
    }

    /** Returns a step that advances {@code time} by {@code duration} and then performs {@code then}. */
    static ScriptedStep after(ManualTime time, Duration duration, ScriptedStep then) {
        return (model, call, listener) -> {
            time.advance(duration);
            return then.perform(model, call, listener);
        };
    }

    /**
     * Returns a step whose answer has no head for {@code duration} of {@code time}, and which then performs {@code then}; when a
     * limit of the call is shorter, it fails after that as every provider does.
     */
    static ScriptedStep headAfter(ManualTime time, Duration duration, ScriptedStep then) {
        return (model, call, listener) -> {
            Duration limit = shorter(call.limits().headers(), call.timeout());
            if (isLate(time, duration, limit)) {
                throw ProviderException.builder(model, FailureKind.TIMEOUT)
                        .delivery(DeliveryStatus.UNKNOWN)
                        .explanation("no answer within " + limit)
                        .build();
            }
            return then.perform(model, call, listener);
        };
    }

    /**
     * Returns a step whose answer has a head at once and no content for {@code duration} of {@code time}, and which then
     * performs {@code then}; when a limit of the call is shorter, it fails after that as every provider does.
     */
    static ScriptedStep firstTokenAfter(ManualTime time, Duration duration, ScriptedStep then) {
        return (model, call, listener) -> {
            Duration limit = shorter(call.limits().firstToken(), call.timeout());
            if (isLate(time, duration, limit)) {
                throw ProviderException.builder(model, FailureKind.TIMEOUT)
                        .explanation("no content within " + limit)
                        .build();
            }
            return then.perform(model, call, listener);
        };
    }

    /**
     * Returns a step that streams {@code text}, is silent for as long as the limits of the call permit on {@code time}, and then
     * fails as every provider does.
     */
    static ScriptedStep stallAfter(String text, ManualTime time, TokenUsage usage) {
        return (model, call, listener) -> {
            streamText(text, listener);
            boolean isSilence = call.limits().idle().compareTo(call.timeout()) < 0;
            time.advance(shorter(call.limits().idle(), call.timeout()));
            throw ProviderException.builder(model, isSilence ? FailureKind.PROTOCOL : FailureKind.TIMEOUT)
                    .explanation(isSilence ? "answer fell silent" : "answer not complete")
                    .receivedCharacters(text.length())
                    .usage(usage)
                    .build();
        };
    }

    /**
     * Returns a step that counts {@code started} down, waits until {@code released} is at zero, and performs {@code then};
     * when it is interrupted it fails as an interrupted call must.
     */
    static ScriptedStep blockUntil(CountDownLatch started, CountDownLatch released, ScriptedStep then) {
        return (model, call, listener) -> {
            started.countDown();
            try {
                released.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw ProviderException.builder(model, FailureKind.CANCELLED)
                        .delivery(DeliveryStatus.UNKNOWN)
                        .cause(interrupted)
                        .build();
            }
            return then.perform(model, call, listener);
        };
    }

    /** Lets the time pass, but no more than {@code limit}; true when that is shorter. */
    private static boolean isLate(ManualTime time, Duration duration, Duration limit) {
        time.advance(shorter(duration, limit));
        return limit.compareTo(duration) < 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void streamText(String text, ChatListener listener) {
        int start = 0;
        while (start < text.length()) {
            int space = text.indexOf(' ', start);
            int end = space < 0 ? text.length() : space + 1;
            listener.onText(text.substring(start, end));
            start = end;
        }
    }

    private static ProviderAnswer completeAnswer(String model, String text, TokenUsage usage) {
        return ProviderAnswer.builder(model, text, StopReason.COMPLETE)
                .usage(usage, UsageSource.REPORTED)
                .requestId("scripted")
                .build();
    }
}
