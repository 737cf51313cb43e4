/** What may be changed about a router while it runs: its policy, its models and its prices. */
@NullMarked
package dev.architect.control;

import org.jspecify.annotations.NullMarked;
