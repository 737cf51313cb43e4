package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.Classification;
import dev.architect.router.cost.TokenEstimator;
import java.util.Arrays;
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
    private final TokenEstimator tokens;
    private final @Nullable ModelId named;
    private final int required;
    private final boolean searches;
    private final int maxAnswerTokens;
    private final ModelId[] families;
    private final long[] promptTokens;

    /**
     * Reads a request.
     *
     * @param families one model of each family of models that count tokens alike
     */
    RequestProfile(ChatRequest request, Classification classification, TokenEstimator tokens, ModelId[] families) {
        this.request = request;
        this.classification = classification;
        this.tokens = tokens;
        this.named = request.selection().model().orElse(null);
        this.required = mask(request.requiredCapabilities());
        this.searches = request.selection().needs().contains(Capability.WEB_SEARCH);
        this.maxAnswerTokens = request.generation().maxOutputTokens().orElse(Integer.MAX_VALUE);
        this.families = families;
        this.promptTokens = new long[families.length];
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

    /** What the answering model must be able to do. */
    int required() {
        return required;
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
            counted = tokens.promptTokens(families[family], request);
            promptTokens[family] = counted;
        }
        return counted;
    }
}
