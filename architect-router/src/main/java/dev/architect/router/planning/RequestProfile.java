package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.request.RequestScope;
import dev.architect.route.Classification;
import dev.architect.router.cost.RequestedTier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decision needs to know of a request, read from it once: its class, what it asks for, and the tokens of its prompt, counted
 * once for all models that count alike, when the first of them is looked at. Used by one thread until the decision is made.
 */
public final class RequestProfile {

    private static final long NOT_COUNTED = -1;

    private final ChatRequest request;
    private final Classification classification;
    private final RoutingSnapshot snapshot;
    private final String id;
    private final RequestScope scope;
    private final boolean isStreamed;
    private final boolean isLive;
    private final @Nullable ModelId named;
    private final long maxCost;
    private final int required;
    private final boolean searches;
    private final int maxAnswerTokens;
    private final long[] promptTokens;
    private @Nullable ConversationPrefixes prefixes;

    /**
     * Around a request: what does not stand in it.
     *
     * @param id the id of the request
     * @param scope on whose behalf it is made
     * @param isStreamed whether its answer is wanted as it comes
     * @param isLive whether it will be made, and is not only looked at
     */
    public record Circumstances(String id, RequestScope scope, boolean isStreamed, boolean isLive) {

        /** A request that is only looked at. */
        public static Circumstances preview(String id, RequestScope scope) {
            return new Circumstances(id, scope, false, false);
        }
    }

    /**
     * Reads a request.
     *
     * @param snapshot counts the tokens of its prompt
     */
    RequestProfile(
            ChatRequest request, Circumstances circumstances, Classification classification, RoutingSnapshot snapshot) {
        this.request = request;
        this.id = circumstances.id;
        this.scope = circumstances.scope;
        this.isStreamed = circumstances.isStreamed;
        this.isLive = circumstances.isLive;
        this.classification = classification;
        this.snapshot = snapshot;
        this.named = request.selection().model().orElse(null);
        Optional<Money> most = request.selection().maxCost();
        this.maxCost = most.isPresent() ? most.get().picoUsd() : CompiledEffect.NOTHING;
        this.required = mask(request.requiredCapabilities());
        this.searches = request.selection().needs().contains(Capability.WEB_SEARCH);
        Optional<Integer> longest = request.generation().maxOutputTokens();
        boolean isForVectors = request.selection().needs().contains(Capability.EMBEDDINGS);
        // Vectors are no tokens, and have no price beside that of the prompt.
        this.maxAnswerTokens = isForVectors ? 0 : longest.isPresent() ? longest.get() : Integer.MAX_VALUE;
        this.promptTokens = new long[snapshot.families()];
        Arrays.fill(promptTokens, NOT_COUNTED);
    }

    /** The capabilities as a set of bits. */
    static int mask(Set<Capability> capabilities) {
        int mask = 0;
        for (Capability capability : capabilities) {
            mask |= 1 << capability.ordinal();
        }
        return mask;
    }

    String id() {
        return id;
    }

    RequestScope scope() {
        return scope;
    }

    /** The text of the last turn of the user. */
    String prompt() {
        return request.prompt();
    }

    /** Whether the answer is wanted as it comes. */
    boolean isStreamed() {
        return isStreamed;
    }

    /** Whether the request will be made, so that strategies that take turns go on to the next one. */
    boolean isLive() {
        return isLive;
    }

    /** The level of its priority, 0 to 9. */
    int priority() {
        return scope.priority().level();
    }

    /** The time that it may take. */
    long timeoutNanos() {
        return scope.timeout().toNanos();
    }

    /** The beginnings of its prompt, hashed when they are first asked for. */
    ConversationPrefixes prefixes() {
        ConversationPrefixes known = prefixes;
        if (known == null) {
            known = ConversationPrefixes.of(request);
            prefixes = known;
        }
        return known;
    }

    Classification classification() {
        return classification;
    }

    Complexity complexity() {
        return classification.complexity();
    }

    Quality quality() {
        return request.selection().quality();
    }

    /** The model that the request names, null when it leaves the choice to the router. */
    @Nullable
    ModelId named() {
        return named;
    }

    /** Whether the request leaves the choice of {@code model} to the router. */
    boolean allows(ModelId model) {
        return named == null || request.selection().allows(model);
    }

    /** What matters more than the order that the policy wants. */
    ModelSelection.Preference preference() {
        return request.selection().preference();
    }

    /** The most that the request may cost, in pico-dollars; {@link CompiledEffect#NOTHING} without a limit. */
    long maxCost() {
        return maxCost;
    }

    /** What the answering model must be able to do. */
    int required() {
        return required;
    }

    /** The service tier that it asks each of {@code models} for; null when it asks for none. */
    @Nullable
    List<String> serviceTiers(List<ModelId> models) {
        return RequestedTier.isNamedBy(request)
                ? models.stream()
                        .map(model -> RequestedTier.of(request, model.provider()))
                        .toList()
                : null;
    }

    /** Whether it needs a search of the web. */
    boolean searches() {
        return searches;
    }

    /** The most tokens that the answer may have. */
    int maxAnswerTokens() {
        return maxAnswerTokens;
    }

    /** Tokens of the whole prompt for the models of a family. */
    long promptTokens(int family) {
        long counted = promptTokens[family];
        if (counted == NOT_COUNTED) {
            counted = snapshot.countPrompt(family, request);
            promptTokens[family] = counted;
        }
        return counted;
    }
}
