package dev.architect.provider.http.reading;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The unknown words that have been reported, so that each is reported once. Safe for use by several threads. */
final class UnknownStopWords {

    // Foreign text: a service that makes up a word for each answer must fill neither the memory nor the log.
    private static final int MOST = 100;

    private final Set<String> words = ConcurrentHashMap.newKeySet();

    /** Returns whether this word of this provider has to be reported: it is new, and there are not too many yet. */
    boolean add(String provider, String word) {
        return words.size() < MOST && words.add(provider + ' ' + word);
    }
}
