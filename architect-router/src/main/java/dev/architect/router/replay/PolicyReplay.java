package dev.architect.router.replay;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionCandidate;
import dev.architect.record.DecisionRecord;
import dev.architect.record.RequestFeatures;
import dev.architect.route.ExclusionReason;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks what recorded requests would have cost under another policy and other prices, without a call. For each record it makes the decision
 * again: the models of the policy that are enabled, may do what the request needed, and have room for it; those that reach the
 * floor of its quality, cheapest first by what was expected then, else the best. The first of them is priced with the usage that the
 * request really had.
 *
 * <p>It is a same-token estimate: another model would use another tokenizer and another length of answer, and might be worse. The moment is
 * left out: breakers, pauses, rate limits and models that were gone. So are failovers and escalations, on both sides: the answering
 * call is compared with one call. Tokens on a model that the record does not know are those of the first candidate; where the chosen model has
 * no rate for cached tokens or separate reasoning, they count as plain input and output. Equal records, policies and prices give
 * equal reports. Immutable.
 */
public final class PolicyReplay {

    private final RoutingPolicy policy;
    private final PriceCatalogue prices;
    private final CallPricer pricer;
    private final @Nullable Function<ModelId, Set<Capability>> capabilities;
    private final Map<ModelId, CallPricer> byChoice = new ConcurrentHashMap<>();

    private PolicyReplay(
            RoutingPolicy policy,
            PriceCatalogue prices,
            @Nullable Function<ModelId, Set<Capability>> capabilitiesOrNull) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.prices = Objects.requireNonNull(prices, "prices");
        this.capabilities = capabilitiesOrNull;
        this.pricer = new CallPricer(
                prices,
                policy.baseline(),
                policy.models().stream().map(ModelPolicy::id).toList());
    }

    /**
     * Returns a replay under {@code policy}. Of models that a record does not know it is assumed that they can do what the request needed;
     * {@link #withCapabilities} says better.
     */
    public static PolicyReplay under(RoutingPolicy policy, PriceCatalogue prices) {
        return new PolicyReplay(policy, prices, null);
    }

    /** Returns this replay with what models can do, for example as their providers say; it is asked for every model. */
    public PolicyReplay withCapabilities(Function<ModelId, Set<Capability>> known) {
        return new PolicyReplay(policy, prices, Objects.requireNonNull(known, "known"));
    }

    /** Replays records. */
    public ReplayReport replay(List<DecisionRecord> records) {
        List<ReplayedDecision> decisions = new ArrayList<>(records.size());
        for (DecisionRecord each : records) {
            decisions.add(replay(each));
        }
        return new ReplayReport(decisions);
    }

    private ReplayedDecision replay(DecisionRecord decision) {
        Optional<ModelId> chosen = choose(decision);
        int position = decision.result().position();
        Optional<ModelId> called =
                position >= 0 && position < decision.candidates().size()
                        ? Optional.of(decision.candidates().get(position).model())
                        : decision.result().answered();
        boolean isAnswered = decision.result().answered().isPresent();
        return new ReplayedDecision(
                decision.requestId(),
                isAnswered ? called : Optional.empty(),
                chosen,
                isAnswered ? decision.result().cost() : Optional.empty(),
                isAnswered ? chosen.flatMap(model -> cost(model, called, decision)) : Optional.empty());
    }

    private Optional<Money> cost(ModelId model, Optional<ModelId> called, DecisionRecord decision) {
        TokenUsage usage = decision.result().usage();
        if (usage.isUnknown()) {
            return Optional.empty();
        }
        if (called.filter(model::equals).isPresent()) {
            // By the model that answered, which may be a dated one of that name.
            ModelId answered = decision.result().answered().orElse(model);
            return pricer.cost(answered, Price.STANDARD, "", usage, decision.at())
                    .amount();
        }
        return byChoice.computeIfAbsent(model, each -> new CallPricer(prices, each, List.of()))
                .baseline(usage, Cost.priced(Money.ZERO), decision.at())
                .amount();
    }

    private Optional<ModelId> choose(DecisionRecord decision) {
        RequestFeatures features = decision.features();
        int floor = features.model().isPresent() ? 0 : policy.floor(features.quality(), features.complexity());
        List<Choice> fitting = new ArrayList<>();
        for (ModelPolicy model : policy.models()) {
            if (model.isEnabled()
                    && features.model()
                            .filter(named -> !named.equals(model.id()))
                            .isEmpty()
                    && isAble(model.id(), decision)) {
                Choice choice = choice(model, decision);
                if (choice.tokens <= model.contextTokens()) {
                    fitting.add(choice);
                }
            }
        }
        Comparator<Choice> cheapest = Comparator.comparing(Choice::isUnpriced)
                .thenComparing(Choice::picoUsd)
                .thenComparing(Comparator.comparingInt(Choice::quality).reversed())
                .thenComparing(each -> each.model.id().provider())
                .thenComparing(each -> each.model.id().model());
        return fitting.stream()
                .filter(each -> each.quality() >= floor)
                .min(cheapest)
                .or(() -> fitting.stream()
                        .min(Comparator.comparingInt(Choice::quality).reversed().thenComparing(cheapest)))
                .map(each -> each.model.id());
    }

    private boolean isAble(ModelId model, DecisionRecord decision) {
        if (capabilities != null) {
            return capabilities.apply(model).containsAll(decision.features().capabilities());
        }
        return decision.exclusions().stream()
                .noneMatch(each -> each.model().equals(model) && each.reason() == ExclusionReason.CAPABILITY_MISSING);
    }

    private Choice choice(ModelPolicy model, DecisionRecord decision) {
        DecisionCandidate known = decision.candidates().stream()
                .filter(each -> each.model().equals(model.id()))
                .findFirst()
                .or(() -> decision.candidates().stream().findFirst())
                .orElse(null);
        TokenUsage used = decision.result().usage();
        long prompt = known == null ? used.promptTokens() : known.promptTokens();
        long answer = known == null ? used.completionTokens() : known.answerTokens();
        TokenUsage.Builder expected =
                TokenUsage.builder().add(UsageBucket.INPUT, prompt).add(UsageBucket.OUTPUT, answer);
        Set<UsageBucket> rated = pricer.find(model.id(), decision.at(), prompt)
                .map(Price::rates)
                .map(Map::keySet)
                .orElse(Set.of());
        boolean paysByRequest = rated.contains(UsageBucket.REQUEST);
        if (paysByRequest) {
            expected.add(UsageBucket.REQUEST, 1);
        }
        boolean searches = decision.features().capabilities().contains(Capability.WEB_SEARCH);
        if (searches && (rated.contains(UsageBucket.WEB_SEARCH) || !paysByRequest)) {
            expected.add(UsageBucket.WEB_SEARCH, 1);
        }
        Optional<Money> cost = pricer.cost(model.id(), Price.STANDARD, "", expected.build(), decision.at())
                .amount();
        return new Choice(model, prompt + answer, cost.orElse(null));
    }

    private record Choice(
            ModelPolicy model, long tokens, @Nullable Money cost) {

        boolean isUnpriced() {
            return cost == null;
        }

        long picoUsd() {
            return cost == null ? 0 : cost.picoUsd();
        }

        int quality() {
            return model.quality();
        }
    }
}
