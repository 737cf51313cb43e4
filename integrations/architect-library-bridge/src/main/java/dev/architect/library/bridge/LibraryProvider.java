package dev.architect.library.bridge;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.CapabilityGuard;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Chat models of another library as one provider: which models there are, what they can do, and the checks before a call. A
 * subclass translates. For integrations of libraries; hosts use their subclasses.
 *
 * <p>Safe for use by several threads if its subclass is.
 */
public abstract class LibraryProvider implements ModelProvider {

    private final String name;
    private final Map<String, Set<Capability>> models;
    private final CapabilityGuard guard;
    private final LibraryCallExecutor calls;

    /**
     * For subclasses.
     *
     * @param libraryFailures what the library's own exceptions mean, after those that the builder's reader knows
     * @throws IllegalStateException when no model was added
     */
    protected LibraryProvider(Builder<?, ?> builder, FailureReader libraryFailures) {
        if (builder.models.isEmpty()) {
            throw new IllegalStateException("provider '" + builder.name + "' has 0 models, expected 1 or more");
        }
        this.name = builder.name;
        this.models = Map.copyOf(builder.models);
        this.guard = new CapabilityGuard(name);
        this.calls = new LibraryCallExecutor(name, builder.time, builder.failures.or(libraryFailures));
    }

    @Override
    public final String name() {
        return name;
    }

    /** Returns what the model can do; nothing for one that was not added. */
    @Override
    public final Set<Capability> capabilities(String model) {
        return models.getOrDefault(model, Set.of());
    }

    @Override
    public final ProviderAnswer chat(ProviderCall call) {
        check(call);
        // A whole answer may come no sooner than at the end of its time.
        ProviderCall whole = new ProviderCall(call.model(), call.request(), call.timeout());
        return chat(whole, AnswerAssembler.silent(new ModelId(name, call.model()), call.request()));
    }

    @Override
    public final ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        check(call, Capability.STREAMING);
        return stream(call, AnswerAssembler.of(new ModelId(name, call.model()), call.request(), listener));
    }

    /** Makes a call whose model was added and can do what the request needs, and returns the whole answer. */
    protected abstract ProviderAnswer chat(ProviderCall call, AnswerAssembler answer);

    /** As {@link #chat(ProviderCall, AnswerAssembler)}, and appends each delta to {@code answer} as soon as it comes. */
    protected abstract ProviderAnswer stream(ProviderCall call, AnswerAssembler answer);

    /** Returns the models that were added. */
    @Override
    public final List<ModelInfo> models(Duration timeout) {
        return models.keySet().stream().sorted().map(ModelInfo::hosted).toList();
    }

    /** Returns that the provider is up: the library has no request that is cheaper than a chat. */
    @Override
    public final ProviderHealth probe() {
        // No trial chat: each probe would be billed.
        return ProviderHealth.up();
    }

    /** Interrupts calls in flight, which fail. The models stay open: who created them closes them. */
    @Override
    public void close() {
        calls.close();
    }

    /** What runs the calls into the library. */
    protected final LibraryCallExecutor calls() {
        return calls;
    }

    /** What makes failures of requests that the library cannot take. */
    protected final CapabilityGuard guard() {
        return guard;
    }

    private void check(ProviderCall call, Capability... also) {
        Set<Capability> capabilities = models.get(call.model());
        if (capabilities == null) {
            throw guard.unsupported(call, "model is not one of the " + models.size() + " that were given");
        }
        guard.require(call, capabilities, also);
        // Rejects every option: a library has no place for them, and ignoring one would change the answer in silence.
        guard.options(call, Set.of());
    }

    /**
     * What the builders of all providers of libraries have in common. Not safe for use by several threads.
     *
     * @param <U> what the library counts usage in
     * @param <B> the builder's own type, which its methods return
     */
    public abstract static class Builder<U, B extends Builder<U, B>> {
        private final String name;
        private final Map<String, Set<Capability>> models = new LinkedHashMap<>();
        private Function<U, TokenUsage> usage;
        private TimeSource time = TimeSource.system();
        private FailureReader failures = FailureReader.none();

        /**
         * For subclasses.
         *
         * @param name the provider's name in model ids, without a slash
         * @param usage how counts are read unless {@link #usage} sets another way
         * @throws IllegalArgumentException when the name is blank or has a slash
         */
        protected Builder(String name, Function<U, TokenUsage> usage) {
            if (name.isBlank() || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException("name is '" + name + "', expected one without a slash");
            }
            this.name = name;
            this.usage = usage;
        }

        /** How the counts of an answer are read; this builder's own description names the default. */
        public final B usage(Function<U, TokenUsage> reader) {
            this.usage = reader;
            return self();
        }

        /** What a vendor's own exceptions mean, read before the library's are; nothing by default. */
        public final B failures(FailureReader reader) {
            this.failures = reader;
            return self();
        }

        /** By which deadlines are kept; the system's clocks by default. */
        public final B time(TimeSource source) {
            this.time = source;
            return self();
        }

        /**
         * Adds a model. That it continues answers ({@link Capability#PREFILL}) is left out: no library states it in a request.
         *
         * @throws IllegalArgumentException when the id is blank or was added before
         */
        protected final B add(String id, Set<Capability> capabilities) {
            Set<Capability> known = EnumSet.noneOf(Capability.class);
            known.addAll(capabilities);
            known.remove(Capability.PREFILL);
            if (id.isBlank() || models.putIfAbsent(id, Collections.unmodifiableSet(known)) != null) {
                throw new IllegalArgumentException("model is '" + id + "', expected a name that was not given before");
            }
            return self();
        }

        /** How the counts of an answer are read. */
        protected final Function<U, TokenUsage> usageReader() {
            return usage;
        }

        @SuppressWarnings("unchecked") // B is the type of this, as its declaration demands.
        private B self() {
            return (B) this;
        }
    }
}
