/**
 * Text to learn from: files, tokenizers, and the windows of tokens that a model sees.
 *
 * <p>{@link dev.lanewise.training.data.text.TextFile} finds a text, a
 * {@link dev.lanewise.training.data.text.Tokenizer} turns it into {@link dev.lanewise.training.data.text.Tokens}, and
 * {@link dev.lanewise.training.data.text.TokenWindows}, {@link dev.lanewise.training.data.text.TokenStreams} and
 * {@link dev.lanewise.training.data.text.TokenLines} cut these into examples whose labels are the tokens that follow.
 */
@NullMarked
package dev.lanewise.training.data.text;

import org.jspecify.annotations.NullMarked;
