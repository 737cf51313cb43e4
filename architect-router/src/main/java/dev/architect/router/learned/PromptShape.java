package dev.architect.router.learned;

import java.util.Arrays;

/**
 * What a prompt looks like: counts of one pass over its text, and the slots of its words and pairs of words. Of a long text the beginning
 * and the end are read, {@value #MAX_SCANNED} characters together. Not safe for use by several threads; {@link #features} and
 * {@link #slots} are copies.
 */
final class PromptShape {

    static final int MAX_SCANNED = 4 * 1024;

    private static final int MOST_TOKENS = 1_500;
    private static final int LONG_WORD = 8;
    private static final int OPTIONS = 8;
    private static final int FNV = 0x01000193;
    private static final int FNV_START = 0x811c9dc5;
    private static final int NUMBER = hash("#");
    private static final int HOW = hash("how");
    private static final int MUCH = hash("much");
    private static final int MANY = hash("many");
    private static final int DOLLAR = hash('$');

    /** Word classes, in the order of their features. */
    private static final String[] CLASSES = {
        "not no never cannot nor neither none without except least false incorrect wrong unlikely",
        "more less than fewer greater larger higher lower smaller most best better older younger longer",
        "if then when suppose assume given would unless whether while after before until",
        "what which",
        "how",
        "who whom whose when where",
        "why explain because cause reason",
        "each every per apiece",
        "times twice thrice double triple half third quarter fifth",
        "left remaining remain remains rest still leftover away",
        "second seconds minute minutes hour hours day days week weeks month months year years am pm",
        "total altogether sum all combined together average",
        "one two three four five six seven eight nine ten eleven twelve dozen hundred thousand",
        "i me my mine we our us",
        "he she his her him they their them",
        "you your",
        "following statement statements true above below",
        "according passage author text excerpt information source based",
        "cost costs price pay pays paid spend spends spent buy buys bought sell sells sold money dollars cents earn earns",
        "the a an",
        "of in on at for to by with from",
        "is are was were be been has have had do does did",
        "find calculate compute determine solve value equation function graph number polynomial",
        "wrong moral morally scenario standards ordinary immoral",
        "law court theory social political economic rights policy state government",
        "cell gene protein blood disease patient drug virus species energy"
    };

    /** The classes of times and of money. */
    private static final int TIME = 10;

    private static final int MONEY = 18;

    private static final int TABLE = 1_024;
    private static final int[] WORDS = new int[TABLE];
    private static final byte[] WORD_CLASSES = new byte[TABLE];

    private static final String[] SIGNS = {"$", "%", "=+*/^<>|~", "?", ",", ":;", "\"“”", "()", "-–—", "_", "'’", ".!"};
    private static final byte[] SIGN_OF = new byte[128];

    static {
        for (int kind = 0; kind < CLASSES.length; kind++) {
            for (String word : CLASSES[kind].split(" ")) {
                int slot = hash(word) & (TABLE - 1);
                while (WORDS[slot] != 0) {
                    slot = (slot + 1) & (TABLE - 1);
                }
                WORDS[slot] = hash(word);
                WORD_CLASSES[slot] = (byte) kind;
            }
        }
        for (int sign = 0; sign < SIGNS.length; sign++) {
            for (char character : SIGNS[sign].toCharArray()) {
                if (character < SIGN_OF.length) {
                    SIGN_OF[character] = (byte) (sign + 1);
                }
            }
        }
    }

    private static final int BASE = 21;
    private static final int STEM = 18;
    private static final int CHOICES = 17;

    /** How many features a prompt has. */
    static final int FEATURES = BASE + CLASSES.length + SIGNS.length + STEM + CHOICES;

    /** The feature that says how long the prompt is. */
    static final int LENGTH = 0;

    /** Where the features of the form start that sources differ in: those of options. */
    static final int FORM = FEATURES - CHOICES;

    private final float[] features = new float[FEATURES];
    private final int[] tokens = new int[MOST_TOKENS];
    private final int[] tokenStarts = new int[MOST_TOKENS];
    private int tokenCount;
    private int[] slots = {};

    static PromptShape of(String prompt) {
        PromptShape shape = new PromptShape();
        shape.scan(prompt);
        return shape;
    }

    float[] features() {
        return features.clone();
    }

    /** The distinct slots of its words and pairs, in ascending order. */
    int[] slots() {
        return slots.clone();
    }

    /** The length, which is what is left to judge a prompt by when it is of another kind than what was learned. */
    static double length(String prompt) {
        return prompt.codePointCount(0, prompt.length());
    }

    private static int hash(String word) {
        int hash = FNV_START;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * FNV;
        }
        return hash == 0 ? 1 : hash;
    }

    private static int classOf(int hash) {
        for (int slot = hash & (TABLE - 1); WORDS[slot] != 0; slot = (slot + 1) & (TABLE - 1)) {
            if (WORDS[slot] == hash) {
                return WORD_CLASSES[slot];
            }
        }
        return -1;
    }

    private void scan(String prompt) {
        String text = prompt.length() <= MAX_SCANNED
                ? prompt
                : prompt.substring(0, MAX_SCANNED / 2) + "\n" + prompt.substring(prompt.length() - MAX_SCANNED / 2);
        int[] counts = new int[CLASSES.length];
        int[] signs = new int[SIGNS.length + 1];
        int[] optionStarts = new int[OPTIONS + 1];
        int options = 0;
        int lines = 1;
        int sentences = 0;
        int numbers = 0;
        int decimals = 0;
        int cents = 0;
        int fractions = 0;
        int digits = 0;
        int capitals = 0;
        int capitalised = 0;
        int words = 0;
        int letters = 0;
        int longWords = 0;
        int longest = 0;
        int nonAscii = 0;
        int lastSentence = 0;
        int beforeLast = 0;
        int stemEnd = text.length();
        double largest = 0;
        double numberSum = 0;
        int i = 0;
        int length = text.length();
        int afterOptions = length;
        while (i < length) {
            char c = text.charAt(i);
            if (c == '\n') {
                lines++;
                i++;
                if (i + 2 < length
                        && text.charAt(i + 1) == '.'
                        && text.charAt(i) == 'A' + options
                        && options < OPTIONS) {
                    if (options == 0) {
                        stemEnd = i - 1;
                    }
                    optionStarts[options++] = i;
                    i += 2;
                } else if (options > 0 && afterOptions == length && text.startsWith("Answer:", i)) {
                    afterOptions = i - 1;
                }
                continue;
            }
            if (Character.isLetter(c)) {
                int start = i;
                int hash = FNV_START;
                if (Character.isUpperCase(c)) {
                    capitalised++;
                }
                while (i < length && Character.isLetter(c = text.charAt(i))) {
                    if (c < 128) {
                        if (c <= 'Z') {
                            capitals++;
                            c = (char) (c | 0x20);
                        }
                    } else {
                        nonAscii++;
                        c = Character.toLowerCase(c);
                    }
                    hash = (hash ^ c) * FNV;
                    i++;
                }
                hash = hash == 0 ? 1 : hash;
                int size = i - start;
                words++;
                letters += size;
                longest = Math.max(longest, size);
                if (size >= LONG_WORD) {
                    longWords++;
                }
                int kind = classOf(hash);
                if (kind >= 0) {
                    counts[kind]++;
                }
                token(hash, start);
                continue;
            }
            if (c >= '0' && c <= '9') {
                int start = i;
                double value = 0;
                while (i < length
                        && (((c = text.charAt(i)) >= '0' && c <= '9')
                                || (c == ',' && i + 1 < length && Character.isDigit(text.charAt(i + 1))))) {
                    if (c != ',') {
                        digits++;
                        value = value * 10 + (c - '0');
                    }
                    i++;
                }
                if (i + 1 < length && text.charAt(i) == '.' && Character.isDigit(text.charAt(i + 1))) {
                    decimals++;
                    cents += start > 0 && text.charAt(start - 1) == '$' ? 1 : 0;
                    i++;
                    while (i < length && Character.isDigit(text.charAt(i))) {
                        digits++;
                        i++;
                    }
                }
                fractions += i + 1 < length && text.charAt(i) == '/' && Character.isDigit(text.charAt(i + 1)) ? 1 : 0;
                numbers++;
                largest = Math.max(largest, value);
                numberSum += value;
                token(NUMBER, start);
                continue;
            }
            if (c < 128) {
                int sign = SIGN_OF[c];
                signs[sign]++;
                if (sign > 0 && c != '\'') {
                    token(hash(c), i);
                }
                if ((c == '.' || c == '?' || c == '!') && (i + 1 == length || text.charAt(i + 1) <= ' ')) {
                    sentences++;
                    if (i < stemEnd && i + 2 < stemEnd) {
                        beforeLast = lastSentence;
                        lastSentence = i + 1;
                    }
                }
            } else {
                nonAscii++;
            }
            i++;
        }
        if (options == 0) {
            stemEnd = length;
        }
        optionStarts[options] = afterOptions;
        int f = 0;
        features[f++] = log(length(prompt));
        features[f++] = log(words);
        features[f++] = sentences;
        features[f++] = lines;
        features[f++] = numbers;
        features[f++] = decimals;
        features[f++] = digits;
        features[f++] = capitals;
        features[f++] = capitalised;
        features[f++] = words == 0 ? 0 : (float) capitalised / words;
        features[f++] = words == 0 ? 0 : (float) letters / words;
        features[f++] = longest;
        features[f++] = longWords;
        features[f++] = words == 0 ? 0 : (float) longWords / words;
        features[f++] = nonAscii;
        features[f++] = log(largest);
        features[f++] = log(numberSum);
        features[f++] = distinctWords();
        features[f++] = sentences == 0 ? words : (float) words / sentences;
        features[f++] = cents;
        features[f++] = fractions;
        for (int count : counts) {
            features[f++] = count;
        }
        for (int sign = 1; sign <= SIGNS.length; sign++) {
            features[f++] = signs[sign];
        }
        f = stem(text, f, lastSentence < stemEnd ? lastSentence : beforeLast, stemEnd);
        options(text, f, optionStarts, options, stemEnd);
        slots = wordSlots();
    }

    private static int hash(char c) {
        return (FNV_START ^ c) * FNV;
    }

    private static float log(double value) {
        return (float) StrictMath.log1p(value);
    }

    private void token(int hash, int start) {
        if (tokenCount < MOST_TOKENS) {
            tokens[tokenCount] = hash;
            tokenStarts[tokenCount++] = start;
        }
    }

    private float distinctWords() {
        int[] sorted = Arrays.copyOf(tokens, tokenCount);
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < tokenCount; i++) {
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        return tokenCount == 0 ? 1 : (float) distinct / tokenCount;
    }

    private int[] wordSlots() {
        int[] all = new int[2 * tokenCount];
        int count = 0;
        int before = 0;
        for (int i = 0; i < tokenCount; i++) {
            all[count++] = WordModel.slot(tokens[i]);
            if (before != 0) {
                all[count++] = WordModel.slot(before * 31 + tokens[i]);
            }
            before = tokens[i];
        }
        Arrays.sort(all, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[distinct++] = all[i];
            }
        }
        return Arrays.copyOf(all, distinct);
    }

    /** The question before the options, or the whole text where there are none. */
    private int stem(String text, int first, int lastSentence, int stemEnd) {
        int f = first;
        int end = stemEnd;
        while (end > 0 && text.charAt(end - 1) <= ' ') {
            end--;
        }
        char last = end == 0 ? ' ' : text.charAt(end - 1);
        int numbers = 0;
        int words = 0;
        int[] asked = new int[6];
        int much = 0;
        int many = 0;
        int money = 0;
        int durations = 0;
        int lastWords = 0;
        int lastNumbers = 0;
        int firstClass = -1;
        int lastToken = -1;
        for (int t = 0; t < tokenCount && tokenStarts[t] < end; t++) {
            int kind = classOf(tokens[t]);
            firstClass = t == 0 ? kind : firstClass;
            boolean isNumber = tokens[t] == NUMBER;
            numbers += isNumber ? 1 : 0;
            words++;
            lastToken = kind;
            if (tokenStarts[t] >= lastSentence) {
                lastWords++;
                boolean isHow = t > 0 && tokens[t - 1] == HOW;
                much += isHow && tokens[t] == MUCH ? 1 : 0;
                many += isHow && tokens[t] == MANY ? 1 : 0;
                money += kind == MONEY || tokens[t] == DOLLAR ? 1 : 0;
                durations += kind == TIME ? 1 : 0;
                lastNumbers += isNumber ? 1 : 0;
                if (kind >= 0) {
                    asked[ASKED[kind]]++;
                }
            }
        }
        features[f++] = log(end);
        features[f++] = numbers;
        features[f++] = words == 0 ? 0 : (float) numbers / words;
        features[f++] = last == '?' ? 1 : last == ':' ? 2 : last == '.' ? 3 : last == '_' ? 4 : 0;
        features[f++] = lastWords;
        features[f++] = lastNumbers;
        features[f++] = firstClass;
        features[f++] = lastToken;
        for (int kind = 0; kind < asked.length; kind++) {
            features[f++] = asked[kind];
        }
        features[f++] = much;
        features[f++] = many;
        features[f++] = money;
        features[f++] = durations;
        return f;
    }

    /** For each word class which feature of the last sentence it counts for; the last collects the rest. */
    private static final int[] ASKED = {
        5, 0, 1, 5, 5, 5, 5, 2, 2, 3, 4, 4, 5, 5, 5, 5, 5, 5, 3, 5, 5, 5, 5, 5, 5, 5,
    };

    private void options(String text, int first, int[] starts, int count, int stemEnd) {
        int f = first;
        double sum = 0;
        double squares = 0;
        int most = 0;
        int least = count == 0 ? 0 : Integer.MAX_VALUE;
        int numeric = 0;
        int single = 0;
        int yesNo = 0;
        int combined = 0;
        int capitalised = 0;
        int withDigits = 0;
        int mostAt = 0;
        int[][] words = new int[count][];
        for (int option = 0; option < count; option++) {
            int from = starts[option] + 2;
            int to = Math.max(from, option + 1 == count ? starts[count] : starts[option + 1] - 1);
            while (from < to && text.charAt(from) <= ' ') {
                from++;
            }
            while (to > from && text.charAt(to - 1) <= ' ') {
                to--;
            }
            int size = to - from;
            sum += size;
            squares += (double) size * size;
            mostAt = size > most ? option : mostAt;
            most = Math.max(most, size);
            least = Math.min(least, size);
            words[option] = wordsOf(from, to);
            boolean hasLetter = false;
            boolean hasDigit = false;
            boolean hasSpace = false;
            for (int i = from; i < to; i++) {
                char c = text.charAt(i);
                hasLetter |= Character.isLetter(c);
                hasDigit |= Character.isDigit(c);
                hasSpace |= c == ' ';
            }
            numeric += hasDigit && !hasLetter ? 1 : 0;
            withDigits += hasDigit ? 1 : 0;
            single += hasSpace ? 0 : 1;
            capitalised += size > 0 && Character.isUpperCase(text.charAt(from)) ? 1 : 0;
            yesNo += text.startsWith("Yes", from)
                            || text.startsWith("No", from)
                            || text.startsWith("True", from)
                            || text.startsWith("False", from)
                            || text.startsWith("Wrong", from)
                            || text.startsWith("Not wrong", from)
                    ? 1
                    : 0;
            combined += text.startsWith("All of", from)
                            || text.startsWith("None of", from)
                            || text.startsWith("Both", from)
                            || text.startsWith("Neither", from)
                    ? 1
                    : 0;
        }
        double mean = count == 0 ? 0 : sum / count;
        features[f++] = count;
        features[f++] = log(mean);
        features[f++] = log(most);
        features[f++] = log(least);
        features[f++] = mean == 0 ? 0 : (float) (Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean);
        features[f++] = numeric;
        features[f++] = single;
        features[f++] = yesNo;
        features[f++] = combined;
        features[f++] = capitalised;
        features[f++] = withDigits;
        features[f++] = mostAt;
        features[f++] = (float) (sum / Math.max(1, stemEnd));
        int[] stem = wordsOf(0, stemEnd);
        double pairs = 0;
        double most2 = 0;
        double withStem = 0;
        int numbers = 0;
        for (int one = 0; one < count; one++) {
            withStem += overlap(words[one], stem, words[one].length);
            numbers += words[one].length;
            for (int other = one + 1; other < count; other++) {
                double shared = overlap(words[one], words[other], words[one].length + words[other].length);
                pairs += 2 * shared;
                most2 = Math.max(most2, 2 * shared);
            }
        }
        features[f++] = count < 2 ? 0 : (float) (pairs / (count * (count - 1) / 2));
        features[f++] = (float) most2;
        features[f++] = count == 0 ? 0 : (float) (withStem / count);
        features[f] = count == 0 ? 0 : (float) numbers / count;
    }

    private int[] wordsOf(int from, int to) {
        int low = Arrays.binarySearch(tokenStarts, 0, tokenCount, from);
        low = low < 0 ? -low - 1 : low;
        int high = low;
        while (high < tokenCount && tokenStarts[high] < to) {
            high++;
        }
        int[] words = Arrays.copyOfRange(tokens, low, high);
        Arrays.sort(words);
        return words;
    }

    private static double overlap(int[] one, int[] other, int size) {
        int shared = 0;
        for (int i = 0, j = 0; i < one.length && j < other.length; ) {
            if (one[i] == other[j]) {
                shared++;
                i++;
                j++;
            } else if (one[i] < other[j]) {
                i++;
            } else {
                j++;
            }
        }
        return size == 0 ? 0 : (double) shared / size;
    }
}
