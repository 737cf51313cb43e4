package dev.architect.cli.cluster;

import dev.architect.task.TaskId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the journals of all nodes say, read as they grow. Used by one thread. */
final class JournalHistory {

    /** An attempt that a node has begun. */
    record Begin(String node, TaskId task, long epoch, long micros) {}

    private static final int MAX_READ = 1 << 22;

    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final List<Begin> begins = new ArrayList<>();
    private final Map<TaskId, List<Begin>> byTask = new HashMap<>();
    private final Map<String, List<Long>> ends = new TreeMap<>();
    private final Map<String, Set<Begin>> open = new HashMap<>();

    /** Adds the journal of a node. */
    void add(String node, Path file) {
        files.put(node, file);
        offsets.put(node, 0L);
        ends.put(node, new ArrayList<>());
        open.put(node, new HashSet<>());
    }

    /** Reads what has been written since the last time. */
    void read() {
        try {
            for (Map.Entry<String, Path> journal : files.entrySet()) {
                if (Files.exists(journal.getValue())) {
                    read(journal.getKey(), journal.getValue());
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void read(String node, Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long from = offsets.getOrDefault(node, 0L);
            byte[] grown = new byte[(int) Math.min(MAX_READ, file.length() - from)];
            file.seek(from);
            file.readFully(grown);
            String text = new String(grown, StandardCharsets.US_ASCII);
            // The rest of a line that is being written comes with the next reading.
            int complete = text.lastIndexOf('\n') + 1;
            offsets.put(node, from + complete);
            text.substring(0, complete)
                    .lines()
                    .forEach(line -> JournalEntry.parse(line).ifPresent(entry -> take(node, entry)));
        }
    }

    private void take(String node, JournalEntry entry) {
        switch (entry.kind()) {
            case BEGUN -> {
                Begin begin = new Begin(node, entry.task(), entry.epoch(), entry.micros());
                begins.add(begin);
                byTask.computeIfAbsent(entry.task(), unknown -> new ArrayList<>())
                        .add(begin);
                openOf(node).add(begin);
            }
            case ENDED -> {
                ends.computeIfAbsent(node, unknown -> new ArrayList<>()).add(entry.micros());
                openOf(node).removeIf(begin -> begin.task().equals(entry.task()) && begin.epoch() == entry.epoch());
            }
        }
    }

    private Set<Begin> openOf(String node) {
        return open.computeIfAbsent(node, unknown -> new HashSet<>());
    }

    /** What a node has begun and not ended, as far as its journal was read. */
    List<Begin> openOn(String node) {
        return List.copyOf(open.getOrDefault(node, Set.of()));
    }

    /** Forgets what a node had begun before that time and will not end. */
    void closeBefore(String node, long micros) {
        open.getOrDefault(node, new HashSet<>()).removeIf(begin -> begin.micros() < micros);
    }

    /** The later attempts of the same task, the earliest first. */
    List<Begin> after(Begin lost) {
        return byTask.getOrDefault(lost.task(), List.of()).stream()
                .filter(begin -> begin.epoch() > lost.epoch())
                .sorted((one, other) -> Long.compare(one.micros(), other.micros()))
                .toList();
    }

    /** When effects ended on a node, in microseconds since 1970. */
    List<Long> endsOn(String node) {
        return Collections.unmodifiableList(ends.getOrDefault(node, List.of()));
    }

    /** All that were begun, in the order of reading. */
    List<Begin> begins() {
        return Collections.unmodifiableList(begins);
    }

    /** How many attempts began more than once: two claims would have had one fencing token. */
    long repeatedTokens() {
        Set<String> seen = new HashSet<>();
        return begins.stream()
                .filter(begin -> !seen.add(begin.task() + " " + begin.epoch()))
                .count();
    }

    /** How many attempts were begun beyond the first one of each task. */
    long begunAgain() {
        return begins.size() - (long) byTask.size();
    }
}
