package dev.architect.benchmarks.list;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a list from its first page to its last one, by the cursor of each. For one thread. */
final class ListWalk {

    private final ListClient client;
    private final String path;
    private final String things;
    private final String id;
    private final Set<String> seen = new HashSet<>();
    private final List<Long> nanos = new ArrayList<>();
    private int twice;

    /**
     * Creates a walk.
     *
     * @param path the first page, with a query
     * @param things the field of a page that has its things
     * @param id the field of a thing that has its id
     */
    ListWalk(ListClient client, String path, String things, String id) {
        this.client = client;
        this.path = path;
        this.things = things;
        this.id = id;
    }

    /** Reads all pages, or as many as have so many things. */
    ListWalk run(int most) throws Exception {
        String next = "";
        do {
            ListClient.Answer answer = client.read(
                    next.isEmpty() ? path : path + "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
            nanos.add(answer.nanos());
            JsonNode page = answer.json();
            for (JsonNode thing : page.get(things)) {
                if (!seen.add(thing.get(id).asText())) {
                    twice++;
                }
            }
            next = page.get("next").isNull() ? "" : page.get("next").asText();
        } while (!next.isEmpty() && seen.size() < most);
        return this;
    }

    /** The ids of the things that were on a page. */
    Set<String> seen() {
        return seen;
    }

    /** How many things were on a page after they had been on one. */
    int twice() {
        return twice;
    }

    /** How many of some things were on no page. */
    long missing(Set<String> there) {
        return there.stream().filter(each -> !seen.contains(each)).count();
    }

    /** How long each page took, in nanoseconds. */
    List<Long> nanos() {
        return nanos;
    }
}
