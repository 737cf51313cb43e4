package dev.architect.router.budget;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.Rate;
import dev.architect.json.JsonFields;
import dev.architect.model.ModelId;
import dev.architect.router.admission.Deployment;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.RequestedTier;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The most that a call can cost. Tokens of a text are no more than its bytes in UTF-8, whatever the vocabulary; the answer is as long as the
 * request allows, else as what the window of the model holds; each token has the highest rate of its side, such as that of a cache that is
 * written, and each fee of the row is due. The prompt of a body that a client wrote is as long as the window. Immutable and safe for use by several threads.
 */
public final class CostBound {

    /** Our judgement: four times what a picture or a page is estimated at, which is more than vendors count at most. */
    private static final long TOKENS_OF_MEDIA = 4;

    /** What vendors add to a request that has tools: up to about 700 tokens are published. */
    private static final long TOKENS_OF_TOOLS = 1_000;

    /** What the time of a call is measured beyond its limit. */
    private static final Duration BEYOND = Duration.ofSeconds(1);

    /** The most answers to one request, by OpenAI's description of its interface. */
    private static final int MOST_CHOICES = 128;

    /** Searches and other paid steps of one call. */
    private static final long FEES = 1;

    private final TokenEstimator bytes = new TokenEstimator((model, text) -> utf8(text));
    private final TokenEstimator counted;
    private final CallPricer prices;

    /** Creates the bounds of one catalogue; {@code counted} counts what has no text. */
    public CostBound(CallPricer prices, TokenEstimator counted) {
        this.prices = prices;
        this.counted = counted;
    }

    private static long utf8(CharSequence text) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair is half of four bytes.
            size += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return size;
    }

    /**
     * Returns the most that the call can cost at {@code at}, on the service tier that the request asks for, or on the usual one, which may serve it all
     * the same; empty when the model has no price on the first.
     *
     * @param prefix what the answer begins with
     * @param timeout the longest time of the call
     */
    public Optional<Money> of(ChatRequest request, Deployment deployment, String prefix, Duration timeout, Instant at) {
        ModelId model = deployment.id();
        long window = deployment.modelPolicy().contextTokens();
        // Not all of a body that a client wrote is read here: it may hold media, search, or continue an earlier
        // conversation.
        long prompt = request.wireBody().isPresent() ? window : prompt(request, model, prefix);
        long answer =
                request.generation().maxOutputTokens().map(Integer::longValue).orElse(window) * choices(request);
        Optional<Money> most = Optional.empty();
        String asked = RequestedTier.of(request, model.provider());
        boolean isPriced = false;
        try {
            for (Price row : prices.rowsOf(model)) {
                boolean isAsked = row.serviceTier().equals(asked);
                if ((isAsked || row.serviceTier().equals(Price.STANDARD)) && isCandidate(row, at, prompt)) {
                    isPriced = isPriced || isAsked;
                    Money cost = most(row, prompt, answer, timeout);
                    most = Optional.of(
                            most.filter(other -> other.compareTo(cost) >= 0).orElse(cost));
                }
            }
        } catch (ArithmeticException absurd) {
            return Optional.of(new Money(Long.MAX_VALUE));
        }
        return isPriced ? most : Optional.empty();
    }

    private long prompt(ChatRequest request, ModelId model, String prefix) {
        return Math.max(bytes.promptTokens(model, request), counted.promptTokens(model, request))
                + media(request)
                + utf8(prefix)
                + (request.toolset().tools().isEmpty() ? 0 : TOKENS_OF_TOOLS);
    }

    /** How many answers a body that a client wrote asks for, each of which may be as long as the limit; what no vendor takes costs nothing. */
    private static long choices(ChatRequest request) {
        try {
            return request.wireBody()
                    .flatMap(body -> JsonFields.parse(body.json()).integer("n", 1, MOST_CHOICES))
                    .orElse(1);
        } catch (IllegalArgumentException refusedByTheVendor) {
            return 1;
        }
    }

    /** Returns what so many plain tokens cost on a service tier, and the fee of the request; empty when that is unknown. */
    Optional<Money> tokens(ModelId model, String serviceTier, long promptTokens, long answerTokens, Instant at) {
        return prices.cost(model, serviceTier, "", TokenUsage.of(promptTokens, answerTokens), at)
                .amount();
    }

    /** Every row that may price the call: a shorter prompt has fewer tiers, and the region is known afterwards. */
    private static boolean isCandidate(Price row, Instant at, long prompt) {
        return !at.isBefore(row.validFrom())
                && (row.validTo() == null || at.isBefore(row.validTo()))
                && row.tier().covers(prompt);
    }

    private static Money most(Price row, long prompt, long answer, Duration timeout) {
        Money read = Money.ZERO;
        Money written = Money.ZERO;
        Money fees = Money.ZERO;
        for (UsageBucket bucket : row.rates().keySet()) {
            Rate rate = row.rates().get(bucket);
            switch (bucket.side()) {
                case PROMPT -> read = larger(read, rate.cost(prompt));
                case COMPLETION -> written = larger(written, rate.cost(answer));
                case FEE -> {
                    boolean isTime = bucket == UsageBucket.COMPUTE_MILLIS;
                    fees = fees.plus(rate.cost(isTime ? timeout.plus(BEYOND).toMillis() : FEES));
                }
                case INFORMATIVE -> {}
            }
        }
        return read.plus(written).plus(fees);
    }

    private static Money larger(Money one, Money other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static long media(ChatRequest request) {
        long tokens = 0;
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                tokens += (TOKENS_OF_MEDIA - 1) * TokenEstimator.mediaTokens(part);
            }
        }
        return tokens;
    }
}
