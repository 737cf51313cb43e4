package dev.architect.spring.ai;

import dev.architect.Architect;
import dev.architect.library.bridge.CancellableWork;
import dev.architect.library.bridge.StreamDelivery;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Architect as a chat model of Spring AI: every prompt is routed, fails over and is accounted for.
 *
 * <pre>
 * ChatModel model = ArchitectSpringAiChatModel.of(architect);
 * ChatResponse answer = model.call(new Prompt("Why is the sky blue?"));
 * Cost cost = ArchitectSpringAiResponseMetadata.cost(answer).orElseThrow();
 * </pre>
 *
 * <p>A prompt's model, if any, is Architect's {@code provider/model}. What Architect cannot express fails with an {@link
 * IllegalArgumentException} that names the field; a failed request fails with Architect's own exceptions. Tools are not performed
 * here, as with Spring AI's own models. Reasoning that a vendor wants back travels in the message's metadata: keep it in the
 * history.
 *
 * <p>Streams are cold, and each subscription keeps a thread of the scheduler until its end. A subscriber that requests little
 * slows the model; one that cancels ends the call at once. A call that breaks is made again, perhaps on another model. Deltas
 * cannot be taken back: with {@link StreamDelivery#LIVE}, which is the default, the stream goes on as long as the new answer repeats what was
 * delivered, and else ends with an {@link dev.architect.error.ArchitectException}; with {@link StreamDelivery#BUFFERED} nothing is delivered
 * before the answer is complete, and the subscriber never notices. Safe for use by several threads.
 */
public final class ArchitectSpringAiChatModel implements ChatModel {

    private final Architect architect;
    private final SpringAiRequestReader requests;
    private final Scheduler scheduler;
    private final StreamDelivery delivery;

    private ArchitectSpringAiChatModel(Builder builder) {
        this.architect = builder.architect;
        this.requests = new SpringAiRequestReader(builder.customizer);
        this.scheduler = builder.scheduler;
        this.delivery = builder.delivery;
    }

    /** Returns a builder of models on {@code architect}, which stays the caller's to close. */
    public static Builder builder(Architect architect) {
        return new Builder(architect);
    }

    /** Returns a model on {@code architect}, which stays the caller's to close, and streams on Reactor's elastic threads. */
    public static ArchitectSpringAiChatModel of(Architect architect) {
        return builder(architect).build();
    }

    /**
     * Returns a model on {@code architect} and adds to each request what Spring AI cannot express.
     *
     * @param customizer sets for example a provider's option; what the prompt itself sets is set after it
     * @param scheduler runs the streams, on threads that may block
     */
    public static ArchitectSpringAiChatModel of(
            Architect architect,
            UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer,
            Scheduler scheduler) {
        return builder(architect).customizer(customizer).scheduler(scheduler).build();
    }

    /** Returns options in which nothing is set; those of a prompt may be of this kind or of Spring AI's own. */
    @Override
    public ArchitectSpringAiChatOptions getOptions() {
        return ArchitectSpringAiChatOptions.builder().build();
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        return SpringAiResponseWriter.writeWhole(architect.chat(requests.read(prompt)));
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        // Read before the subscription: a prompt that cannot be expressed fails at the caller and not in the stream.
        dev.architect.chat.ChatRequest request = requests.read(prompt);
        return Flux.<ChatResponse>create(sink -> run(request, sink), FluxSink.OverflowStrategy.ERROR)
                .subscribeOn(scheduler, false);
    }

    private void run(dev.architect.chat.ChatRequest request, FluxSink<ChatResponse> sink) {
        CancellableWork work = new CancellableWork();
        SpringAiStreamWriter listener = new SpringAiStreamWriter(sink, delivery);
        // Before the work begins, so that a subscriber that is already gone keeps it from starting.
        sink.onDispose(work::cancel);
        work.run(
                () -> listener.finish(listener.call((scope, target) -> architect.chat(request, scope, target))),
                sink::error);
    }

    /** Builds models. Used by one thread. */
    public static final class Builder {
        private final Architect architect;
        private UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer = request -> request;
        private Scheduler scheduler = Schedulers.boundedElastic();
        private StreamDelivery delivery = StreamDelivery.LIVE;

        private Builder(Architect architect) {
            this.architect = Objects.requireNonNull(architect, "architect is null, expected a value");
        }

        /** Sets what Spring AI cannot express, for example a provider's option; what a prompt itself sets is set after it. Default: nothing. */
        public Builder customizer(UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer) {
            this.customizer = Objects.requireNonNull(customizer, "customizer is null, expected a value");
            return this;
        }

        /** Sets what runs the streams, on threads that may block. Default: Reactor's elastic threads. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler is null, expected a value");
            return this;
        }

        /** Sets when a streamed answer reaches the subscriber. Default: {@link StreamDelivery#LIVE}. */
        public Builder delivery(StreamDelivery delivery) {
            this.delivery = Objects.requireNonNull(delivery, "delivery is null, expected a value");
            return this;
        }

        /** Returns the model. */
        public ArchitectSpringAiChatModel build() {
            return new ArchitectSpringAiChatModel(this);
        }
    }
}
