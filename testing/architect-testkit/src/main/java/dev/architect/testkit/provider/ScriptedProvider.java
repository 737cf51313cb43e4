package dev.architect.testkit.provider;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderHealth;
import dev.architect.request.CallLimits;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider that performs one {@link ScriptedStep} per call and records the calls it received:
 *
 * <pre>
 * ScriptedProvider claude = ScriptedProvider.named("claude")
 *         .then(ScriptedStep.fail(FailureKind.OVERLOADED))
 *         .always(ScriptedStep.answer("four", TokenUsage.of(12, 1)));
 * </pre>
 *
 * A call for which the script has no step is an {@link AssertionError}. Safe for use by several threads.
 */
public final class ScriptedProvider implements ModelProvider {

    private static final Set<Capability> USUAL = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(
            Capability.PREFILL,
            Capability.OPENAI_CHAT_BODY,
            Capability.OPENAI_RESPONSES_BODY,
            Capability.ANTHROPIC_MESSAGES_BODY)));

    private final String name;
    private final Object lock = new Object();
    private final Deque<ScriptedStep> steps = new ArrayDeque<>();
    private final List<ProviderCall> calls = new ArrayList<>();
    private final Map<String, Set<Capability>> capabilities = new HashMap<>();
    private @Nullable ScriptedStep always;
    private ProviderHealth health = ProviderHealth.up();
    private boolean closed;

    private ScriptedProvider(String name) {
        this.name = name;
    }

    /**
     * Returns a provider of that name whose script is empty. Its models have every capability but {@link Capability#PREFILL} and those of
     * bodies that clients wrote: a script that continues answers must say so, with {@link #withCapabilities}.
     */
    public static ScriptedProvider named(String name) {
        return new ScriptedProvider(name);
    }

    /** Adds steps for the next calls, in this order. */
    public ScriptedProvider then(ScriptedStep... next) {
        synchronized (lock) {
            steps.addAll(List.of(next));
        }
        return this;
    }

    /** Sets the step of every call that has no step of its own. */
    public ScriptedProvider always(ScriptedStep step) {
        synchronized (lock) {
            always = step;
        }
        return this;
    }

    /** Sets the capabilities of one model. */
    public ScriptedProvider withCapabilities(String model, Set<Capability> supported) {
        synchronized (lock) {
            capabilities.put(model, Set.copyOf(supported));
        }
        return this;
    }

    /** Sets the result of probes; {@link ProviderHealth#up()} until then. */
    public ScriptedProvider withHealth(ProviderHealth probeResult) {
        synchronized (lock) {
            health = probeResult;
        }
        return this;
    }

    /** Returns the calls received so far, oldest first. */
    public List<ProviderCall> calls() {
        synchronized (lock) {
            return List.copyOf(calls);
        }
    }

    /** Returns the number of calls received so far. */
    public int callCount() {
        return calls().size();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities(String model) {
        synchronized (lock) {
            return capabilities.getOrDefault(model, USUAL);
        }
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        // Performed outside the lock: a step may block until the test ends it.
        return next(call).perform(new ModelId(name, call.model()), whole(call), chunk -> {});
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        return next(call).perform(new ModelId(name, call.model()), call, listener);
    }

    @Override
    public ProviderHealth probe() {
        synchronized (lock) {
            return health;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    /** As for every provider, only the last limit is one of a whole answer. */
    private static ProviderCall whole(ProviderCall call) {
        return new ProviderCall(call.model(), call.request(), CallLimits.within(call.timeout()), call.prefix());
    }

    private ScriptedStep next(ProviderCall call) {
        synchronized (lock) {
            // Recorded even without a step, so that the failure states which call it was.
            calls.add(call);
            ScriptedStep step = steps.isEmpty() ? always : steps.poll();
            if (step == null) {
                throw new AssertionError("call " + calls.size() + " of " + name + " has no step in the script");
            }
            return step;
        }
    }
}
