package dev.architect.project.rule;

import dev.architect.project.item.LinkKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Checks what the items of a source have to do with each other, before anything is written. */
final class SourceGraph {

    private final Map<String, SourceItem> items = new LinkedHashMap<>();

    SourceGraph(SourceProject source) {
        Map<Long, SourceItem> numbers = new HashMap<>();
        for (SourceItem item : source.items()) {
            SourceItem other = items.put(item.id(), item);
            if (other != null) {
                throw new ImportException(
                        item.place(), "id", "'" + item.id() + "'", "an id that " + other.place() + " does not have");
            }
            if (item.number().isPresent()) {
                SourceItem same = numbers.put(item.number().getAsLong(), item);
                if (same != null) {
                    throw new ImportException(
                            item.place(),
                            "number",
                            String.valueOf(item.number().getAsLong()),
                            "a number that " + same.place() + " does not have");
                }
            }
        }
        source.items().forEach(this::checkParent);
        checkDuplicates(source);
        checkOrder(source);
    }

    private void checkParent(SourceItem item) {
        int depth = 1;
        Set<String> seen = new HashSet<>(Set.of(item.id()));
        Optional<String> parent = item.refers().parent();
        while (parent.isPresent()) {
            SourceItem above = items.get(parent.get());
            if (above == null) {
                throw new ImportException(
                        item.place(), "parent", "'" + parent.get() + "'", "the id of an item of this file");
            }
            if (!seen.add(above.id())) {
                throw new ImportException(
                        item.place(), "parent", "'" + above.id() + "'", "parents that do not go in a circle");
            }
            depth++;
            if (depth > Links.MAX_DEPTH) {
                throw new ImportException(
                        item.place(),
                        "parent",
                        "'" + item.refers().parent().get() + "'",
                        "items that are at most " + Links.MAX_DEPTH + " deep");
            }
            parent = above.refers().parent();
        }
    }

    private void checkDuplicates(SourceProject source) {
        Map<String, SourceLink> originals = new HashMap<>();
        for (SourceLink link : source.links()) {
            for (String end : List.of(link.from(), link.to())) {
                if (!items.containsKey(end)) {
                    throw new ImportException(link.place(), "link", "'" + end + "'", "the id of an item of this file");
                }
            }
            if (link.from().equals(link.to())) {
                throw new ImportException(link.place(), "link", "'" + link.from() + "'", "another item than itself");
            }
            if (link.kind() == LinkKind.DUPLICATES) {
                SourceLink other = originals.put(link.from(), link);
                if (other != null && !other.to().equals(link.to())) {
                    throw new ImportException(
                            link.place(), "duplicates", "'" + link.to() + "'", "one original, as '" + other.to() + "'");
                }
            }
        }
        for (SourceLink link : originals.values()) {
            if (originals.containsKey(link.to())) {
                throw new ImportException(
                        link.place(), "duplicates", "'" + link.to() + "'", "an original, which is no duplicate itself");
            }
        }
    }

    /** What blocks an item is done before it, and the parts of a parent before the parent: together these go in no circle. */
    private void checkOrder(SourceProject source) {
        Map<String, List<String>> later = new HashMap<>();
        Map<String, String> places = new HashMap<>();
        for (SourceItem item : source.items()) {
            item.refers()
                    .parent()
                    .ifPresent(parent -> later.computeIfAbsent(item.id(), each -> new ArrayList<>())
                            .add(parent));
        }
        for (SourceLink link : source.links()) {
            if (link.kind() == LinkKind.BLOCKS) {
                later.computeIfAbsent(link.from(), each -> new ArrayList<>()).add(link.to());
                places.putIfAbsent(link.from() + "\n" + link.to(), link.place());
            }
        }
        Set<String> done = new HashSet<>();
        for (String start : items.keySet()) {
            walk(start, later, places, done);
        }
    }

    /** A depth-first search without recursion: files have paths of any length. */
    private void walk(String start, Map<String, List<String>> later, Map<String, String> places, Set<String> done) {
        if (done.contains(start)) {
            return;
        }
        List<String> path = new ArrayList<>(List.of(start));
        Set<String> onPath = new HashSet<>(path);
        List<Iterator<String>> open =
                new ArrayList<>(List.of(later.getOrDefault(start, List.of()).iterator()));
        while (!open.isEmpty()) {
            Iterator<String> rest = open.get(open.size() - 1);
            if (!rest.hasNext()) {
                open.remove(open.size() - 1);
                String ended = path.remove(path.size() - 1);
                onPath.remove(ended);
                done.add(ended);
                continue;
            }
            String next = rest.next();
            if (onPath.contains(next)) {
                refuseCircle(path, next, places);
            }
            if (!done.contains(next)) {
                path.add(next);
                onPath.add(next);
                open.add(later.getOrDefault(next, List.of()).iterator());
            }
        }
    }

    private void refuseCircle(List<String> path, String next, Map<String, String> places) {
        List<String> circle = new ArrayList<>(path.subList(path.indexOf(next), path.size()));
        circle.add(next);
        String last = path.get(path.size() - 1);
        String place = Optional.ofNullable(places.get(last + "\n" + next))
                .orElseGet(() -> Objects.requireNonNull(items.get(last)).place());
        throw new ImportException(place, "relation", "a circle, " + String.join(" → ", circle), "none");
    }
}
