package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.Quality;
import dev.architect.choice.LearnedChoice;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.Classification;
import dev.architect.route.ExclusionReason;
import dev.architect.route.GoneModel;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.DeploymentStats;
import dev.architect.router.admission.PromptCacheMemory;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.rule.Strategy;
import dev.architect.spi.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One policy, one catalogue and one set of providers, compiled for decisions: an array for each property of the models, indexed by the
 * place of a model in the policy. A decision compares numbers, allocates nothing and blocks on nothing; sentences are made of it only when
 * they are read.
 *
 * <p>Models that may not answer are left out, and the others ordered by what this very request would cost on them. When none
 * reaches the floor of quality, the others are taken, best first. Immutable but for the prices, which follow the clock; safe for use by several threads.
 */
public final class RoutingSnapshot {

    private static final byte DISABLED = DecisionBuffer.code(ExclusionReason.DISABLED);
    private static final byte OTHER_MODEL_NAMED = DecisionBuffer.code(ExclusionReason.OTHER_MODEL_NAMED);
    private static final byte PROVIDER_NOT_CONFIGURED = DecisionBuffer.code(ExclusionReason.PROVIDER_NOT_CONFIGURED);
    private static final byte CAPABILITY_MISSING = DecisionBuffer.code(ExclusionReason.CAPABILITY_MISSING);
    private static final byte WINDOW_TOO_SMALL = DecisionBuffer.code(ExclusionReason.CONTEXT_WINDOW_TOO_SMALL);
    private static final byte BELOW_FLOOR = DecisionBuffer.code(ExclusionReason.BELOW_FLOOR);
    private static final byte NOT_LOCAL = DecisionBuffer.code(ExclusionReason.NOT_LOCAL);
    private static final byte TOO_EXPENSIVE = DecisionBuffer.code(ExclusionReason.TOO_EXPENSIVE);
    private static final byte NOT_IN_RULE = DecisionBuffer.code(ExclusionReason.NOT_IN_RULE);
    private static final byte OTHER_MODEL_PINNED = DecisionBuffer.code(ExclusionReason.OTHER_MODEL_PINNED);
    private static final long MILLION = 1_000_000;
    private static final int TOOL_CALLING = RequestProfile.mask(Set.of(Capability.TOOLS));
    private static final byte MODEL_GONE = DecisionBuffer.code(ExclusionReason.MODEL_GONE);

    /** Tokens of a prompt for each hundred of the answer, of short, usual and long prompts: the models are put into the order of their costs for each. */
    private static final long[] SHAPES = {10, 200, 2_000};

    private static final long ANSWER = 100;
    /** Up to so many tokens of the prompt for one of the answer, a prompt is short, and usual. */
    private static final long SHORT_UP_TO = 1;

    private static final long USUAL_UP_TO = 8;

    /** Few tiers are ever asked for; prices beyond these are compiled for each request. */
    private static final int MOST_TIERS = 32;

    /** By complexity, then by named quality. */
    private static final int COMPLEXITIES = Complexity.values().length;

    private final TimeSource time;
    private final TokenEstimator tokens;
    private final CallPricer pricer;
    private final List<ModelPolicy> models;
    private final List<ModelId> ids;
    private final @Nullable Deployment[] deployments;
    private final boolean[] isEnabled;
    /** Of a model that makes vectors and answers no chat. */
    private static final int VECTORS = RequestProfile.mask(Set.of(Capability.EMBEDDINGS));

    private final int[] capabilities;
    private final long[] windows;
    private final int[] qualities;
    private final int[] answerTokens;
    private final int[] families;
    private final ModelId[] counted;
    private final int[] floors;
    // Quality and id in one number: what decides between models of equal cost.
    private final int[] ranks;
    // The cheapest first, for each shape: most decisions keep that order, so that little is left to be sorted.
    private final int[][] usualOrders;
    private final boolean[] isLocal;
    // Null for a policy that orders by cost and has no rules.
    private final @Nullable CompiledRules rules;
    private final SplitMix draws;
    // Null for a policy without a learned choice; the places of its models otherwise.
    private final @Nullable LearnedSelector learned;
    private final int cheap;
    private final int strong;
    private volatile Ranker @Nullable [] fastest;
    private volatile PriceColumns prices;
    /** Of the service tiers that requests have asked for, by the tier of each model. */
    private volatile Map<List<String>, PriceColumns> tierPrices = Map.of();

    /**
     * Compiles a snapshot.
     *
     * @param deployments the models of the policy whose providers are configured
     * @param time the clock of prices and of what strategies measure
     */
    public RoutingSnapshot(
            RoutingPolicy policy,
            Map<ModelId, Deployment> deployments,
            TokenEstimator tokens,
            CallPricer pricer,
            TimeSource time) {
        this(policy, deployments, tokens, pricer, time, null);
    }

    /**
     * Compiles a snapshot.
     *
     * @param deployments the models of the policy whose providers are configured
     * @param time the clock of prices and of what strategies measure
     * @param learned chooses between two models of the policy; null for a policy without such a choice
     */
    public RoutingSnapshot(
            RoutingPolicy policy,
            Map<ModelId, Deployment> deployments,
            TokenEstimator tokens,
            CallPricer pricer,
            TimeSource time,
            @Nullable LearnedSelector learned) {
        this.time = time;
        this.tokens = tokens;
        this.pricer = pricer;
        this.models = policy.models();
        this.ids = models.stream().map(ModelPolicy::id).toList();
        int size = models.size();
        this.deployments = new @Nullable Deployment[size];
        this.isEnabled = new boolean[size];
        this.capabilities = new int[size];
        this.windows = new long[size];
        this.qualities = new int[size];
        this.answerTokens = new int[size];
        this.families = new int[size];
        Map<Object, Integer> knownFamilies = new LinkedHashMap<>();
        List<ModelId> oneOfEach = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ModelPolicy model = models.get(i);
            Deployment deployment = deployments.get(model.id());
            this.deployments[i] = deployment;
            isEnabled[i] = model.isEnabled();
            capabilities[i] = deployment == null
                    ? 0
                    : RequestProfile.mask(deployment
                            .provider()
                            .provider()
                            .capabilities(model.id().model()));
            windows[i] = model.contextTokens();
            qualities[i] = model.quality();
            answerTokens[i] = model.expectedOutputTokens().orElse(0);
            Integer family = knownFamilies.putIfAbsent(tokens.family(model.id()), oneOfEach.size());
            families[i] = family == null ? oneOfEach.size() : family;
            if (family == null) {
                oneOfEach.add(model.id());
            }
        }
        this.counted = oneOfEach.toArray(ModelId[]::new);
        this.floors = floors(policy);
        this.ranks = ranks();
        this.prices = PriceColumns.of(pricer, ids, time.wallTime());
        this.usualOrders = Arrays.stream(SHAPES).mapToObj(this::usualOrder).toArray(int[][]::new);
        this.isLocal = new boolean[size];
        for (int i = 0; i < size; i++) {
            isLocal[i] = models.get(i).traits().isLocal();
        }
        this.rules = CompiledRules.of(policy, this, time);
        this.draws = new SplitMix(time);
        this.learned = learned;
        this.cheap = learned == null ? -1 : indexOf(learned.cheap());
        this.strong = learned == null ? -1 : indexOf(learned.strong());
    }

    private static int[] floors(RoutingPolicy policy) {
        int[] floors = new int[COMPLEXITIES + Quality.values().length];
        for (Complexity complexity : Complexity.values()) {
            floors[complexity.ordinal()] = policy.floor(Quality.AUTO, complexity);
        }
        for (Quality quality : Quality.values()) {
            if (quality != Quality.AUTO) {
                floors[COMPLEXITIES + quality.ordinal()] = policy.floor(quality, Complexity.SIMPLE);
            }
        }
        return floors;
    }

    private int[] ranks() {
        int[] byRank = IntStream.range(0, ids.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -qualities[i])
                        .thenComparing(i -> ids.get(i).provider())
                        .thenComparing(i -> ids.get(i).model()))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] rankOf = new int[byRank.length];
        for (int rank = 0; rank < byRank.length; rank++) {
            rankOf[byRank[rank]] = rank;
        }
        return rankOf;
    }

    private int[] usualOrder(long promptTokens) {
        PriceColumns now = prices;
        return IntStream.range(0, ids.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> now.cost(i, promptTokens, ANSWER, false))
                        .thenComparingInt(i -> ranks[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The number of models of the policy. */
    public int size() {
        return ids.size();
    }

    /** Reads from {@code request} what a decision needs to know. */
    public RequestProfile profile(
            ChatRequest request, RequestProfile.Circumstances circumstances, Classification classification) {
        return new RequestProfile(request, circumstances, classification, this);
    }

    /**
     * Decides which models may answer, and in which order they are called. Allocates nothing once the tokens of the prompt are
     * counted, but for models that are gone, and when a price of the catalogue begins or ends.
     *
     * @param at the time whose prices count: those of the service tier that the request asks for
     * @param into takes the decision; it has room for as many models as the policy has
     */
    public void decide(RequestProfile request, Instant at, DecisionBuffer into) {
        PriceColumns now = pricesAt(at, request);
        into.candidates = 0;
        into.isBelowFloor = false;
        into.gone = null;
        CompiledRules ruled = rules;
        if (ruled == null) {
            into.rules = RuleOutcome.NONE;
        } else {
            ruled.apply(request, into.writtenRules());
        }
        RuleOutcome outcome = into.rules;
        into.prices = now;
        into.floor = floor(request, into);
        into.isOwnMaxCost = request.maxCost() >= 0 && (outcome.maxCost < 0 || request.maxCost() < outcome.maxCost);
        into.maxCost = into.isOwnMaxCost ? request.maxCost() : outcome.maxCost;
        into.choice = learned == null ? null : choose(learned, request, into);
        long dearest = 0;
        boolean anyBelow = false;
        for (int i : usualOrders[shape(request)]) {
            byte code = exclusion(i, request, into);
            if (code == DecisionBuffer.CANDIDATE) {
                long prompt = request.promptTokens(families[i]);
                long answer = expectedAnswerTokens(i, request);
                long cost = now.cost(i, prompt, answer, request.searches());
                if (prompt + answer > windows[i]) {
                    code = WINDOW_TOO_SMALL;
                } else if (into.maxCost >= 0 && cost > into.maxCost) {
                    code = TOO_EXPENSIVE;
                } else if (qualities[i] < into.floor) {
                    code = BELOW_FLOOR;
                    anyBelow = true;
                } else {
                    insertByCost(i, cost, dearest, request, into);
                    dearest = Math.max(dearest, cost);
                }
            }
            into.codes[i] = code;
        }
        // An answer of less quality is better than none, and its reason is part of the route.
        if (into.candidates == 0 && anyBelow) {
            takeBelowFloor(request, into);
            // These come best first, whatever the strategies say; what was explained of them would not be the reason.
            return;
        }
        if (ruled != null) {
            ruled.order(request, into);
        } else if (request.preference() == ModelSelection.Preference.FASTEST) {
            into.writtenRules().now = time.nanoTime();
            StrategyOrder order = into.beginOrdering();
            for (Ranker strategy : fastest()) {
                order.refine(strategy, request, into, draws);
            }
        }
        if (into.choice != null) {
            promoteChosen(into.choice, into);
        }
    }

    /** Chooses one of two models where both may answer, and nothing that stands above that decides; the floor is then no more than its quality. */
    private @Nullable LearnedChoice choose(LearnedSelector selector, RequestProfile request, DecisionBuffer into) {
        if (request.named() != null
                || request.quality() != Quality.AUTO
                || request.preference() != ModelSelection.Preference.POLICY
                || into.rules.isDecisive()
                || !mayAnswer(cheap, request, into)
                || !mayAnswer(strong, request, into)) {
            return null;
        }
        long cheapCost = cost(cheap, request, into);
        long strongCost = cost(strong, request, into);
        boolean isPriced = cheapCost != PriceColumns.UNPRICED && strongCost != PriceColumns.UNPRICED && strongCost > 0;
        LearnedChoice choice = selector.choose(
                request.id(),
                request.prompt(),
                (request.required() & TOOL_CALLING) == 0,
                isPriced ? (double) cheapCost / strongCost : Double.NaN);
        into.floor = Math.min(into.floor, qualities[place(choice)]);
        return choice;
    }

    private boolean mayAnswer(int i, RequestProfile request, DecisionBuffer into) {
        return exclusion(i, request, into) == DecisionBuffer.CANDIDATE
                && promptTokens(i, request) + expectedAnswerTokens(i, request) <= windows[i]
                && (into.maxCost < 0 || cost(i, request, into) <= into.maxCost);
    }

    private int place(LearnedChoice choice) {
        return choice.chosen().equals(ids.get(strong)) ? strong : cheap;
    }

    /** Puts the chosen model first, and behind a cheap one the strong one, which answers when that one cannot. */
    private void promoteChosen(LearnedChoice choice, DecisionBuffer into) {
        int chosen = place(choice);
        if (chosen == cheap) {
            promote(strong, into);
        }
        promote(chosen, into);
    }

    private static void promote(int model, DecisionBuffer into) {
        int[] order = into.order;
        int place = 0;
        while (place < into.candidates && order[place] != model) {
            place++;
        }
        if (place < into.candidates) {
            System.arraycopy(order, 0, order, 1, place);
            order[0] = model;
        }
    }

    /** What chooses between two models; null for a policy without such a choice. */
    @Nullable
    LearnedSelector learned() {
        return learned;
    }

    /** What orders the candidates of requests for which speed matters most. From the first of them on the times of calls are measured. */
    Ranker[] fastest() {
        Ranker[] known = fastest;
        if (known == null) {
            startMeasuring();
            // Several threads may do it at once, with the same result.
            known = new Rankers(this, name -> List.of())
                    .compile(List.of(new Strategy.ByLatency(0, Strategy.USUAL_HALF_LIFE)));
            fastest = known;
        }
        return known;
    }

    /** Whether the policy has a model that the request names. */
    boolean hasModelFor(RequestProfile request) {
        return ids.stream().anyMatch(request::allows);
    }

    /** The number of families of models that count tokens alike. */
    int families() {
        return counted.length;
    }

    /** Counts the tokens of a whole prompt for the models of a family. */
    long countPrompt(int family, ChatRequest request) {
        return tokens.promptTokens(counted[family], request);
    }

    private static int shape(RequestProfile request) {
        long prompt = request.promptTokens(0);
        long answer = Math.min(TokenEstimator.usualAnswerTokens(request.complexity()), request.maxAnswerTokens());
        if (prompt <= SHORT_UP_TO * answer) {
            return 0;
        }
        return prompt <= USUAL_UP_TO * answer ? 1 : 2;
    }

    private PriceColumns pricesAt(Instant at) {
        PriceColumns now = prices;
        if (!now.isValidAt(at)) {
            // Several threads may do it at once, with the same result.
            now = PriceColumns.of(pricer, ids, at);
            prices = now;
        }
        return now;
    }

    private PriceColumns pricesAt(Instant at, RequestProfile request) {
        List<String> tiers = request.serviceTiers(ids);
        if (tiers == null) {
            return pricesAt(at);
        }
        Map<List<String>, PriceColumns> known = tierPrices;
        PriceColumns now = known.get(tiers);
        if (now == null || !now.isValidAt(at)) {
            now = PriceColumns.of(pricer, ids, tiers, at);
            if (known.containsKey(tiers) || known.size() < MOST_TIERS) {
                // Of several threads one may lose what it has compiled.
                Map<List<String>, PriceColumns> changed = new HashMap<>(known);
                changed.put(tiers, now);
                tierPrices = Map.copyOf(changed);
            }
        }
        return now;
    }

    private int floor(RequestProfile request, DecisionBuffer into) {
        // Who names a model has chosen its quality.
        if (request.named() != null) {
            into.isRuleFloor = false;
            return 0;
        }
        Quality quality = request.quality();
        if (quality == Quality.AUTO) {
            into.isRuleFloor = into.rules.floor >= 0;
            return into.isRuleFloor
                    ? into.rules.floor
                    : floors[request.complexity().ordinal()];
        }
        int requested = floors[COMPLEXITIES + quality.ordinal()];
        into.isRuleFloor = into.rules.floor > requested;
        return into.isRuleFloor ? into.rules.floor : requested;
    }

    /** Why the model may not answer, whatever the request costs on it. */
    private byte exclusion(int i, RequestProfile request, DecisionBuffer into) {
        if (!isEnabled[i]) {
            return DISABLED;
        }
        if (!request.allows(ids.get(i))) {
            return OTHER_MODEL_NAMED;
        }
        Deployment deployment = deployments[i];
        if (deployment == null) {
            return PROVIDER_NOT_CONFIGURED;
        }
        RuleOutcome ruled = into.rules;
        // Also for a model that the request names: what the host rules stands above what its user wishes.
        if (ruled.isLocalOnly && !isLocal[i]) {
            return NOT_LOCAL;
        }
        if (ruled.allowed != null && !ruled.allowed[i]) {
            return NOT_IN_RULE;
        }
        if (ruled.pinned >= 0 && ruled.pinned != i && request.named() == null) {
            return OTHER_MODEL_PINNED;
        }
        boolean isForVectors = capabilities[i] == VECTORS && request.named() == null;
        if ((request.required() & ~capabilities[i]) != 0 || isForVectors) {
            return CAPABILITY_MISSING;
        }
        if (deployment.availability().isKnown()) {
            return DecisionBuffer.CANDIDATE;
        }
        GoneModel gone = deployment.availability().gone(ids.get(i).model()).orElse(null);
        if (gone == null) {
            return DecisionBuffer.CANDIDATE;
        }
        if (into.gone == null) {
            into.gone = new @Nullable GoneModel[size()];
        }
        into.gone[i] = gone;
        return MODEL_GONE;
    }

    long expectedAnswerTokens(int i, RequestProfile request) {
        int usual = answerTokens[i] > 0 ? answerTokens[i] : TokenEstimator.usualAnswerTokens(request.complexity());
        return Math.min(usual, request.maxAnswerTokens());
    }

    long promptTokens(int i, RequestProfile request) {
        return request.promptTokens(families[i]);
    }

    /**
     * Unpriced ones come last. Of models of equal cost the better one comes first, then the order of the ids, so that routes repeat.
     *
     * @param dearest the cost of the last one in the order
     */
    private void insertByCost(int i, long cost, long dearest, RequestProfile request, DecisionBuffer into) {
        int place = into.candidates++;
        long before = dearest;
        while (place > 0 && isCheaper(i, cost, into.order[place - 1], before)) {
            into.order[place] = into.order[place - 1];
            place--;
            // Costs are not kept, but computed again where they are needed: nearly all models come in the order of
            // them.
            before = place == 0 ? 0 : cost(into.order[place - 1], request, into);
        }
        into.order[place] = i;
    }

    private boolean isCheaper(int i, long cost, int other, long otherCost) {
        return cost < otherCost || (cost == otherCost && ranks[i] < ranks[other]);
    }

    /** What the request costs on a model, in pico-dollars; {@link PriceColumns#UNPRICED} when that is unknown. */
    long cost(int i, RequestProfile request, DecisionBuffer decision) {
        PriceColumns now = Objects.requireNonNull(decision.prices);
        return now.cost(i, promptTokens(i, request), expectedAnswerTokens(i, request), request.searches());
    }

    private void takeBelowFloor(RequestProfile request, DecisionBuffer into) {
        into.isBelowFloor = true;
        for (int i = 0; i < into.codes.length; i++) {
            if (into.codes[i] == BELOW_FLOOR) {
                into.codes[i] = DecisionBuffer.CANDIDATE;
                insertByQuality(i, request, into);
            }
        }
    }

    private void insertByQuality(int i, RequestProfile request, DecisionBuffer into) {
        int place = into.candidates++;
        while (place > 0 && isBetter(i, into.order[place - 1], request, into)) {
            into.order[place] = into.order[place - 1];
            place--;
        }
        into.order[place] = i;
    }

    private boolean isBetter(int i, int other, RequestProfile request, DecisionBuffer into) {
        return qualities[i] == qualities[other]
                ? isCheaper(i, cost(i, request, into), other, cost(other, request, into))
                : qualities[i] > qualities[other];
    }

    /** The place of a model of the policy. */
    int indexOf(ModelId id) {
        return ids.indexOf(id);
    }

    /** The deployment of a model that may answer, and so has one. */
    Deployment candidate(int i) {
        return Objects.requireNonNull(deployments[i]);
    }

    /** The share of its limits that the request would leave to a candidate, in millionths. */
    long headroom(int i, RequestProfile request) {
        return (long) (candidate(i).headroom(promptTokens(i, request), expectedAnswerTokens(i, request)) * MILLION);
    }

    /**
     * What reading from the prompt cache of a candidate would probably save, in pico-dollars; zero where nothing of the prompt is known to
     * be cached, and at least one where something is, although its price does not show it.
     */
    long cacheSaving(int i, RequestProfile request, DecisionBuffer decision, long lifetimeNanos) {
        PromptCacheMemory memory = candidate(i).promptCache();
        if (memory.isEmpty()) {
            return 0;
        }
        long prompt = promptTokens(i, request);
        ConversationPrefixes prefixes = request.prefixes();
        long cached = prefixes.expectedCacheRead(memory, prompt, decision.rules.now, lifetimeNanos);
        if (cached == 0) {
            return 0;
        }
        PriceColumns now = Objects.requireNonNull(decision.prices);
        return Math.max(1, now.cacheSaving(i, prompt, cached, prefixes.hasBreakpoint()));
    }

    /** The model answered the request: the beginnings of its prompt are probably cached there from now on. */
    void recordAnswered(Deployment deployment, RequestProfile request, long now) {
        if (rules != null && rules.remembersPrompts()) {
            request.prefixes().recordAnswered(deployment.promptCache(), now);
        }
    }

    /** The figures of each model; those of one without a deployment, which is never a candidate, stay empty. */
    DeploymentStats[] stats() {
        DeploymentStats[] all = new DeploymentStats[size()];
        for (int i = 0; i < all.length; i++) {
            Deployment deployment = deployments[i];
            all[i] = deployment == null ? new DeploymentStats(time) : deployment.stats();
        }
        return all;
    }

    /** From now on the times of calls are measured. */
    void startMeasuring() {
        for (Deployment deployment : deployments) {
            if (deployment != null) {
                deployment.stats().startMeasuring();
            }
        }
    }

    ModelPolicy model(int i) {
        return models.get(i);
    }

    int capabilities(int i) {
        return capabilities[i];
    }

    @Nullable
    Deployment deployment(int i) {
        return deployments[i];
    }
}
