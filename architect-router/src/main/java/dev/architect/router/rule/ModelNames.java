package dev.architect.router.rule;

import dev.architect.error.DidYouMean;
import dev.architect.model.ModelId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models behind the names that rules use: those of models and of tiers, which have no slash. Not safe for use by several threads. */
public final class ModelNames {

    private static final char SLASH = '/';

    private final Map<String, List<ModelId>> byName = new LinkedHashMap<>();

    private final List<Tier> tiers;

    /** Creates names for no model yet. */
    public ModelNames(List<Tier> tiers) {
        this.tiers = List.copyOf(tiers);
        tiers.forEach(tier -> byName.put(tier.name(), new ArrayList<>()));
    }

    /** Adds a model, which is then known by its id and by its tier. */
    public void add(ModelId id, int quality, ModelTraits traits) {
        traits.tier()
                .or(() -> tierOf(quality, tiers))
                .ifPresent(tier -> byName.computeIfAbsent(tier, absent -> new ArrayList<>())
                        .add(id));
        byName.put(id.toString(), List.of(id));
    }

    /** The highest tier that the quality reaches. */
    private static Optional<String> tierOf(int quality, List<Tier> risingTiers) {
        String reached = null;
        for (Tier tier : risingTiers) {
            if (quality >= tier.quality()) {
                reached = tier.name();
            }
        }
        return Optional.ofNullable(reached);
    }

    /**
     * Returns the models of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public List<ModelId> resolve(String name) {
        List<ModelId> models = byName.getOrDefault(name, List.of());
        if (models.isEmpty()) {
            throw new IllegalArgumentException("candidate is '" + name + "', " + expected(name));
        }
        return List.copyOf(models);
    }

    /** What is wrong with a name; empty when it stands for at least one model. */
    public Optional<String> problem(String name) {
        return byName.getOrDefault(name, List.of()).isEmpty() ? Optional.of(expected(name)) : Optional.empty();
    }

    private String expected(String name) {
        if (byName.containsKey(name)) {
            return "a tier without models, expected one with models";
        }
        String kind = name.indexOf(SLASH) >= 0 ? "model" : "tier";
        return "which is no " + kind + " of the policy, "
                + DidYouMean.of(name, byName.keySet())
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("expected provider/model or a tier");
    }

    /**
     * Checks every name in the rules.
     *
     * @throws IllegalArgumentException when there is no model of a name
     */
    public void check(RoutingRules rules) {
        check(rules.strategies());
        for (RoutingRule rule : rules.rules()) {
            check(rule.effect());
        }
        for (Experiment experiment : rules.experiments()) {
            for (ExperimentArm arm : experiment.arms()) {
                check(arm.effect());
            }
        }
    }

    private void check(RuleEffect effect) {
        effect.candidates().forEach(this::resolve);
        effect.order().forEach(this::resolve);
        check(effect.strategies());
    }

    private void check(List<Strategy> strategies) {
        for (Strategy strategy : strategies) {
            if (strategy instanceof Strategy.Pinned pinned) {
                resolve(pinned.model().toString());
            } else if (strategy instanceof Strategy.InOrder order) {
                order.names().forEach(this::resolve);
            }
        }
    }
}
