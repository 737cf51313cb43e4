package dev.architect.router.policy;

import dev.architect.model.ModelId;
import dev.architect.router.rule.ModelNames;
import dev.architect.router.rule.RoutingRules;
import dev.architect.router.rule.Strategy;
import dev.architect.router.yaml.YamlObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads lists of strategies. */
final class StrategyReader {

    private static final String MODEL = "provider/model";
    private static final String STRATEGY = "the name of a strategy, or an object with it as its one field";
    private static final String WITHIN = "a share such as 10%, 0% to " + Strategy.MAX_WITHIN + "%";
    private static final String RESERVE = "a share such as 30%, 1% to 100%";
    private static final List<String> KNOWN = List.of(
            "cost",
            "latency",
            "firstToken",
            "leastBusy",
            "weighted",
            "headroom",
            "priority",
            "sticky",
            "qualityPerCost",
            "contextSize",
            "pinned",
            "order");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,4})%");
    private static final int WHOLE = 100;

    private final ModelNames names;

    StrategyReader(ModelNames names) {
        this.names = names;
    }

    /** Returns the strategies in their order; empty when the field is absent or wrong. */
    List<Strategy> read(YamlObject given, String field) {
        if (given.isList(field) && given.size(field) == 0) {
            given.problem(field, "is empty, expected " + STRATEGY);
        }
        List<YamlObject> objects = given.named(field, STRATEGY);
        if (objects.size() > RoutingRules.MAX_STRATEGIES) {
            given.problem(field, "has " + objects.size() + " entries, expected at most " + RoutingRules.MAX_STRATEGIES);
        }
        List<Strategy> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlObject object : objects) {
            object.allowOnly(KNOWN);
            for (String name : object.names()) {
                if (!seen.add(name)) {
                    object.problem(name, "is given twice, expected each once");
                }
                strategy(object, name).ifPresent(all::add);
            }
        }
        return all;
    }

    private Optional<Strategy> strategy(YamlObject object, String name) {
        return switch (name) {
            case "cost" ->
                settings(object, name, "within", "cacheAware")
                        .map(given -> new Strategy.ByCost(
                                within(given), given.bool("cacheAware").orElse(false)));
            case "latency" ->
                settings(object, name, "within", "halfLife")
                        .map(given -> new Strategy.ByLatency(within(given), halfLife(given)));
            case "firstToken" ->
                settings(object, name, "within", "halfLife")
                        .map(given -> new Strategy.ByFirstToken(within(given), halfLife(given)));
            case "leastBusy" -> settings(object, name).map(given -> new Strategy.LeastBusy());
            case "weighted" -> settings(object, name).map(given -> new Strategy.Weighted());
            case "headroom" -> settings(object, name, "within").map(given -> new Strategy.ByHeadroom(within(given)));
            case "priority" ->
                settings(object, name, "reserve", "urgentWithin")
                        .map(given -> new Strategy.ByPriority(
                                given.text("reserve", RESERVE, text -> percent(text, 1, WHOLE))
                                        .orElse(Strategy.USUAL_RESERVE),
                                duration(given, "urgentWithin", Strategy.USUAL_URGENT_WITHIN)));
            case "sticky" ->
                settings(object, name, "cacheLifetime")
                        .map(given ->
                                new Strategy.Sticky(duration(given, "cacheLifetime", Strategy.USUAL_CACHE_LIFETIME)));
            case "qualityPerCost" ->
                settings(object, name, "within").map(given -> new Strategy.ByQualityPerCost(within(given)));
            case "contextSize" ->
                settings(object, name, "within").map(given -> new Strategy.ByContextSize(within(given)));
            case "pinned" -> pinned(object);
            case "order" -> {
                List<String> order = RulesReader.names(object, name, names);
                if (object.isObject(name)) {
                    object.problem(name, "is without models, expected a list of provider/model or tiers");
                }
                yield order.isEmpty() || !object.isFileValid()
                        ? Optional.empty()
                        : Optional.of(new Strategy.InOrder(order));
            }
            // Not known: a problem already.
            default -> Optional.empty();
        };
    }

    private static Optional<YamlObject> settings(YamlObject object, String name, String... known) {
        return object.object(name).map(given -> given.allowOnly(List.of(known)));
    }

    private Optional<Strategy> pinned(YamlObject object) {
        if (!object.isObject("pinned")) {
            return model(object, "pinned").map(model -> new Strategy.Pinned(model, false));
        }
        return settings(object, "pinned", "model", "failover").flatMap(given -> {
            given.require("model", MODEL);
            boolean allowsFailover = given.bool("failover").orElse(false);
            return model(given, "model").map(model -> new Strategy.Pinned(model, allowsFailover));
        });
    }

    private Optional<ModelId> model(YamlObject given, String field) {
        Optional<ModelId> model = given.text(field, MODEL, ModelId::parse);
        model.flatMap(id -> names.problem(id.toString()))
                .ifPresent(what -> given.problem(field, "is '" + model.get() + "', " + what));
        return model;
    }

    private static int within(YamlObject given) {
        return given.text("within", WITHIN, text -> percent(text, 0, Strategy.MAX_WITHIN))
                .orElse(0);
    }

    private static @Nullable Integer percent(String text, int min, int max) {
        Matcher percent = PERCENT.matcher(text);
        if (!percent.matches()) {
            return null;
        }
        int value = Integer.parseInt(percent.group(1));
        return value < min || value > max ? null : (Integer) value;
    }

    private static Duration halfLife(YamlObject given) {
        return duration(given, "halfLife", Strategy.USUAL_HALF_LIFE);
    }

    private static Duration duration(YamlObject given, String field, Duration usual) {
        return given.duration(field, PolicyChecks.SHORTEST, PolicyChecks.LONGEST)
                .orElse(usual);
    }
}
