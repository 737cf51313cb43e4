package dev.architect.planner.check;

import java.util.HashMap;
import java.util.Map;

/** Where the fields of a JSON text stand, by paths such as {@code rules[3].run}. The text must be valid. Used by one thread. */
public final class JsonPlaces {

    /** A line and a column, both from 1. */
    public record Place(int line, int column) {}

    private final String text;
    private final Map<String, Integer> offsets = new HashMap<>();
    private int at;

    private JsonPlaces(String text) {
        this.text = text;
    }

    /** Reads a text. */
    public static JsonPlaces of(String json) {
        JsonPlaces places = new JsonPlaces(json);
        places.value("");
        return places;
    }

    /** Returns where a field stands; where the nearest one around it does when it is missing. */
    public Place of(String json, String path) {
        String known = path;
        while (!known.isEmpty() && !offsets.containsKey(known)) {
            int cut = Math.max(known.lastIndexOf('.'), known.lastIndexOf('['));
            known = cut < 0 ? "" : known.substring(0, cut);
        }
        return placeOf(json, offsets.getOrDefault(known, 0));
    }

    /** Returns the line and column of a character. */
    public static Place placeOf(String text, int offset) {
        int line = 1;
        int start = 0;
        int end = Math.min(offset, text.length());
        for (int index = 0; index < end; index++) {
            if (text.charAt(index) == '\n') {
                line++;
                start = index + 1;
            }
        }
        return new Place(line, end - start + 1);
    }

    private void value(String path) {
        space();
        offsets.putIfAbsent(path, at);
        char c = text.charAt(at);
        if (c == '{' || c == '[') {
            container(path, c == '{');
        } else if (c == '"') {
            string();
        } else {
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
    }

    private void container(String path, boolean isObject) {
        char close = isObject ? '}' : ']';
        at++;
        space();
        for (int index = 0; text.charAt(at) != close; index++) {
            String inner = path + "[" + index + "]";
            if (isObject) {
                int start = at;
                String name = string();
                inner = path.isEmpty() ? name : path + "." + name;
                offsets.put(inner, start);
                space();
                at++;
            }
            value(inner);
            space();
            if (text.charAt(at) == ',') {
                at++;
                space();
            }
        }
        at++;
    }

    private String string() {
        int start = ++at;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return text.substring(start, at++);
    }

    private void space() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }
}
