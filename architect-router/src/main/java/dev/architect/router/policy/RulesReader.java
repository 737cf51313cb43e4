package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.json.JsonFields;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.project.ProjectId;
import dev.architect.router.rule.Experiment;
import dev.architect.router.rule.ExperimentArm;
import dev.architect.router.rule.ExperimentKey;
import dev.architect.router.rule.ModelNames;
import dev.architect.router.rule.RoutingRule;
import dev.architect.router.rule.RoutingRules;
import dev.architect.router.rule.RuleCondition;
import dev.architect.router.rule.RuleEffect;
import dev.architect.router.rule.Strategy;
import dev.architect.router.rule.Tier;
import dev.architect.router.yaml.YamlObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads tiers, strategies, rules and experiments of a policy; what is wrong becomes a problem of the file. */
final class RulesReader {

    static final String NAME = "1 to 64 lower-case letters, digits, dots, dashes and underscores";

    private static final String CANDIDATES = "provider/model or a tier";
    private static final String PRIORITY = "urgent, high, normal, low, 0..9 or a range such as 0..3";
    private static final String SHARE = "a share such as 10%, more than 0% and at most 100%";
    private static final String MONEY = "an amount in USD above zero, of at most 12 decimal places";
    private static final List<String> EFFECTS =
            List.of("candidates", "order", "floor", "maxCost", "firstTokenGoal", "localOnly", "strategies");
    private static final List<String> ARM_EFFECTS =
            List.of("candidates", "order", "floor", "firstTokenGoal", "strategies");
    private static final Map<String, Integer> PRIORITIES = Map.of("urgent", 0, "high", 2, "normal", 4, "low", 7);
    private static final int LAST_PRIORITY = 9;
    private static final int MAX_WEIGHT = 1_000;
    private static final int MAX_DECIMALS = 12;
    private static final int MAX_WHOLE_DIGITS = 6;
    private static final Pattern RANGE = Pattern.compile("([0-9])\\.\\.([0-9])");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%");
    private static final Pattern USD =
            Pattern.compile("[0-9]{1," + MAX_WHOLE_DIGITS + "}(\\.[0-9]{1," + MAX_DECIMALS + "})?");

    private final ModelNames names;
    private final StrategyReader strategies;

    private RulesReader(ModelNames names) {
        this.names = names;
        this.strategies = new StrategyReader(names);
    }

    /** Returns the rules; empty when something is wrong with them. */
    static Optional<RoutingRules> read(YamlObject root, List<ModelPolicy> models) {
        Map<String, Tier> tiers = tiers(root);
        List<Tier> rising = List.copyOf(tiers.values());
        ModelNames names = new ModelNames(rising);
        models.forEach(model -> names.add(model.id(), model.quality(), model.traits()));
        return new RulesReader(names).rules(root, rising);
    }

    private Optional<RoutingRules> rules(YamlObject root, List<Tier> tiers) {
        List<Strategy> ordered = strategies.read(root, "strategies");
        List<RoutingRule> rules = rules(root);
        List<Experiment> experiments = experiments(root);
        if (!root.isFileValid()) {
            return Optional.empty();
        }
        return Optional.of(new RoutingRules(
                tiers, ordered.isEmpty() ? RoutingRules.STANDARD.strategies() : ordered, rules, experiments));
    }

    /** Tiers in the order of the file, each from a higher quality on than the one before. */
    private static Map<String, Tier> tiers(YamlObject root) {
        Map<String, Tier> tiers = new LinkedHashMap<>();
        root.object("tiers").ifPresent(given -> {
            if (given.names().size() > RoutingRules.MAX_TIERS) {
                root.problem(
                        "tiers",
                        "has " + given.names().size() + " entries, expected at most " + RoutingRules.MAX_TIERS);
            }
            int least = 0;
            for (String name : given.names()) {
                if (!Tier.isName(name)) {
                    given.problem(name, "is not a name, expected " + NAME);
                    continue;
                }
                Optional<Integer> quality =
                        given.integer(name, Math.min(least, RoutingPolicy.MAX_QUALITY), RoutingPolicy.MAX_QUALITY);
                if (quality.isPresent()) {
                    tiers.put(name, new Tier(name, quality.get()));
                    least = quality.get() + 1;
                }
            }
        });
        return tiers;
    }

    private List<RoutingRule> rules(YamlObject root) {
        List<YamlObject> objects = root.objects("rules");
        if (objects.size() > RoutingRules.MAX_RULES) {
            root.problem("rules", "has " + objects.size() + " entries, expected at most " + RoutingRules.MAX_RULES);
            return List.of();
        }
        List<RoutingRule> rules = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        YamlObject always = null;
        for (YamlObject given : objects) {
            given.allowOnly(with(EFFECTS, "name", "when"));
            String name = name(given, "rule-" + (objects.indexOf(given) + 1));
            requireOnce(given, name, lines);
            if (always != null) {
                given.problem(
                        "when",
                        "is never looked at, expected this rule before that of line " + always.line()
                                + ", which every request meets");
            }
            Optional<RuleCondition> condition = condition(given);
            Optional<RuleEffect> effect = effect(given);
            if (condition.isPresent() && condition.get().isAlwaysMet() && given.isFileValid()) {
                always = given;
            }
            if (condition.isPresent() && effect.isPresent()) {
                rules.add(new RoutingRule(name, condition.get(), effect.get()));
            }
        }
        return rules;
    }

    private List<Experiment> experiments(YamlObject root) {
        List<YamlObject> objects = root.objects("experiments");
        if (objects.size() > RoutingRules.MAX_EXPERIMENTS) {
            root.problem(
                    "experiments",
                    "has " + objects.size() + " entries, expected at most " + RoutingRules.MAX_EXPERIMENTS);
            return List.of();
        }
        List<Experiment> experiments = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (YamlObject given : objects) {
            given.allowOnly(List.of("name", "when", "key", "share", "arms"))
                    .require("name", NAME)
                    .require("arms", "a list of arms");
            Optional<String> name = given.text("name", NAME, RulesReader::nameOrNull);
            name.ifPresent(text -> requireOnce(given, text, lines));
            ExperimentKey key = given.text("key", "request, user, project or tag:NAME", ExperimentKey::parse)
                    .orElse(ExperimentKey.REQUEST);
            double share = given.text("share", SHARE, RulesReader::shareOrNull).orElse(100.0);
            Optional<RuleCondition> condition = condition(given);
            List<ExperimentArm> arms = arms(given);
            if (name.isPresent() && condition.isPresent() && given.isFileValid()) {
                experiments.add(new Experiment(name.get(), condition.get(), key, share, arms));
            }
        }
        return experiments;
    }

    private List<ExperimentArm> arms(YamlObject experiment) {
        List<YamlObject> objects = experiment.objects("arms");
        if (experiment.isList("arms") && (objects.isEmpty() || objects.size() > Experiment.MAX_ARMS)) {
            experiment.problem("arms", "has " + objects.size() + " entries, expected 1.." + Experiment.MAX_ARMS);
        }
        List<ExperimentArm> arms = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (YamlObject given : objects) {
            given.allowOnly(with(ARM_EFFECTS, "name", "weight")).require("name", NAME);
            Optional<String> name = given.text("name", NAME, RulesReader::nameOrNull);
            name.ifPresent(text -> requireOnce(given, text, lines));
            int weight = given.integer("weight", 1, MAX_WEIGHT).orElse(1);
            Optional<RuleEffect> effect = effect(given);
            if (name.isPresent() && effect.isPresent()) {
                arms.add(new ExperimentArm(name.get(), weight, effect.get()));
            }
        }
        return arms;
    }

    private static List<String> with(List<String> effects, String first, String second) {
        List<String> all = new ArrayList<>(List.of(first, second));
        all.addAll(effects);
        return all;
    }

    private static String name(YamlObject given, String otherwise) {
        return given.text("name", NAME, RulesReader::nameOrNull).orElse(otherwise);
    }

    private static @Nullable String nameOrNull(String text) {
        return Tier.isName(text) ? text : null;
    }

    private static void requireOnce(YamlObject given, String name, Map<String, Integer> lines) {
        Integer earlier = lines.putIfAbsent(name, given.line());
        if (earlier != null) {
            given.problem("name", "is '" + name + "', which line " + earlier + " has, expected each once");
        }
    }

    /** The condition; one that every request meets when it is left out. */
    private static Optional<RuleCondition> condition(YamlObject given) {
        if (!given.has("when")) {
            return Optional.of(RuleCondition.ALWAYS);
        }
        return given.object("when").map(when -> {
            when.allowOnly(List.of("complexity", "quality", "project", "user", "tags", "needs", "priority"));
            RuleCondition.Builder condition = RuleCondition.builder();
            when.oneOrMore("complexity", words(Complexity.class), text -> constant(Complexity.class, text))
                    .forEach(condition::complexity);
            when.oneOrMore("quality", words(Quality.class), text -> constant(Quality.class, text))
                    .forEach(condition::quality);
            when.oneOrMore("project", "a name of a project", RulesReader::project)
                    .forEach(condition::project);
            when.oneOrMore("user", "text", RulesReader::notBlank).forEach(condition::user);
            when.object("tags")
                    .ifPresent(tags -> tags.names().forEach(name -> {
                        if (!Tier.isName(name)) {
                            tags.problem(name, "is not the name of a tag, expected " + NAME);
                            return;
                        }
                        tags.oneOrMore(name, "text", RulesReader::notBlank)
                                .forEach(value -> condition.tag(name, value));
                    }));
            when.oneOrMore("needs", "a capability", text -> constant(Capability.class, text))
                    .forEach(condition::needs);
            when.text("priority", PRIORITY, RulesReader::priorityOrNull)
                    .ifPresent(range -> condition.priority(range[0], range[1]));
            return when.isFileValid() ? condition.build() : RuleCondition.ALWAYS;
        });
    }

    private static String project(String text) {
        return text.endsWith("*") ? notBlank(text) : new ProjectId(text).name();
    }

    private static String notBlank(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("blank");
        }
        return text;
    }

    private static int @Nullable [] priorityOrNull(String text) {
        Integer word = PRIORITIES.get(text);
        if (word != null) {
            return new int[] {word, word};
        }
        if (text.length() == 1 && Character.digit(text.charAt(0), 10) >= 0) {
            int level = text.charAt(0) - '0';
            return new int[] {level, level};
        }
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return null;
        }
        int from = Integer.parseInt(range.group(1));
        int to = Integer.parseInt(range.group(2));
        return from <= to && to <= LAST_PRIORITY ? new int[] {from, to} : null;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        for (E constant : EnumSet.allOf(type)) {
            if (JsonFields.wordOf(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        Set<E> all = EnumSet.allOf(type);
        return String.join(" or ", all.stream().map(JsonFields::wordOf).toList());
    }

    private static @Nullable Double shareOrNull(String text) {
        Matcher percent = PERCENT.matcher(text);
        if (!percent.matches()) {
            return null;
        }
        double share = Double.parseDouble(percent.group(1));
        return share > 0 && share <= 100 ? share : null;
    }

    private static @Nullable Money usdOrNull(String text) {
        Money money = USD.matcher(text).matches() ? Money.ofUsd(text) : Money.ZERO;
        return money.picoUsd() > 0 ? money : null;
    }

    private Optional<RuleEffect> effect(YamlObject given) {
        List<String> candidates = names(given, "candidates");
        List<String> order = names(given, "order");
        OptionalInt floor = given.integer("floor", 0, RoutingPolicy.MAX_QUALITY).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
        Optional<Money> maxCost = given.text("maxCost", MONEY, RulesReader::usdOrNull);
        Optional<Duration> goal = given.duration("firstTokenGoal", PolicyChecks.SHORTEST, PolicyChecks.LONGEST);
        boolean isLocalOnly = given.bool("localOnly").orElse(false);
        List<Strategy> ordered = strategies.read(given, "strategies");
        if (!given.isFileValid()) {
            return Optional.empty();
        }
        return Optional.of(new RuleEffect(candidates, order, floor, maxCost, goal, isLocalOnly, ordered));
    }

    private List<String> names(YamlObject given, String field) {
        return names(given, field, names);
    }

    /** Names of models and tiers, each once. */
    static List<String> names(YamlObject given, String field, ModelNames names) {
        if (given.isList(field) && given.size(field) == 0) {
            given.problem(field, "is empty, expected " + CANDIDATES);
        }
        List<String> all = given.oneOrMore(field, CANDIDATES, RulesReader::notBlank);
        for (int index = 0; index < all.size(); index++) {
            String name = all.get(index);
            int place = index;
            if (all.indexOf(name) < index) {
                given.problem(field, place, "is '" + name + "' again, expected each once");
            } else {
                names.problem(name).ifPresent(what -> given.problem(field, place, "is '" + name + "', " + what));
            }
        }
        return all;
    }
}
