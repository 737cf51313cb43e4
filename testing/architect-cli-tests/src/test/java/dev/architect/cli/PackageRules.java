package dev.architect.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules over packages: no cycles, layers, sizes, and names that stand once. */
final class PackageRules {

    /** The most types of a package, those that are nested in others apart. */
    static final int MAX_TYPES = 25;

    /** The packages of the core from the lowest layer up; each may depend on its own layer and on lower ones. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of(
                    "access",
                    "attempt",
                    "audit",
                    "budget",
                    "change",
                    "check",
                    "choice",
                    "control",
                    "cost",
                    "creation",
                    "error",
                    "export",
                    "filter",
                    "graph",
                    "json",
                    "lane",
                    "maintenance",
                    "model",
                    "node",
                    "project",
                    "project.board",
                    "project.item",
                    "project.milestone",
                    "project.store",
                    "project.transfer",
                    "quota",
                    "recurring",
                    "request",
                    "review",
                    "route",
                    "shard",
                    "spend",
                    "step",
                    "submission",
                    "task",
                    "usage"),
            Set.of("answer", "chat", "embedding", "event", "record"),
            Set.of("factory", "spi"),
            Set.of(
                    "activity",
                    "document",
                    "fairness",
                    "gateway",
                    "job",
                    "job.export",
                    "job.ledger",
                    "ledger",
                    "loop",
                    "pool",
                    "project.rule",
                    "prompt",
                    "routing",
                    "schedule",
                    "setting",
                    "thread",
                    "view"),
            Set.of(""));

    private PackageRules() {}

    /** The packages of one artifact that depend on each other in a circle, one line for each circle. */
    static List<String> cycles(Collection<JavaClass> classes) {
        Map<String, Set<String>> graph = graph(classes);
        return graph.keySet().stream()
                .filter(start -> reachable(start, graph).contains(start))
                .map(start -> graph.keySet().stream()
                        .filter(other -> reachable(start, graph).contains(other)
                                && reachable(other, graph).contains(start))
                        .sorted()
                        .collect(Collectors.joining(" <-> ")))
                .distinct()
                .toList();
    }

    private static Map<String, Set<String>> graph(Collection<JavaClass> classes) {
        Set<String> own = classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        Map<String, Set<String>> graph = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> uses = graph.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(use -> use.getTargetClass().getBaseComponentType().getPackageName())
                    .filter(used -> own.contains(used) && !used.equals(type.getPackageName()))
                    .forEach(uses::add);
        }
        return graph;
    }

    private static Set<String> reachable(String start, Map<String, Set<String>> graph) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(graph.getOrDefault(start, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (found.add(next)) {
                open.addAll(graph.getOrDefault(next, Set.of()));
            }
        }
        return found;
    }

    /** The places where a class of the core depends on a layer above its own. */
    static Stream<String> upwards(JavaClass type) {
        return above(layer(type.getPackageName()), type);
    }

    /** The places where a class depends on a layer of the core above {@code own}. */
    static Stream<String> above(int own, JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .filter(use -> use.getTargetClass()
                        .getBaseComponentType()
                        .getPackageName()
                        .matches("dev\\.architect(\\..*)?"))
                .filter(use -> layer(use.getTargetClass().getBaseComponentType().getPackageName()) > own)
                .map(use -> use.getDescription());
    }

    /** The layer of a package of the core, 0 for the lowest. */
    static int layer(String packageName) {
        String name = packageName.equals("dev.architect") ? "" : packageName.substring("dev.architect.".length());
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            if (LAYERS.get(layer).contains(name)) {
                return layer;
            }
        }
        throw new IllegalArgumentException(
                "package " + packageName + " is in no layer, expected it in PackageRules.LAYERS");
    }

    /** The packages with more than {@code max} types, with their count. */
    static Map<String, Long> largerThan(int max, Collection<JavaClass> classes) {
        return classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > max)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The simple names that several classes have, with the packages that they are in. */
    static Map<String, Set<String>> repeatedNames(Collection<JavaClass> classes) {
        return classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getPackageName, Collectors.toCollection(TreeSet::new))))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue().size() > 1)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
