package org.definetti.lab.fit;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;

/** Sequences to fit. */
final class Draws {

  private Draws() {}

  /** Draws sequences of {@code length}, {@code length + 1}, {@code length + 2}, … in turn. */
  static List<Tokens> of(LatentModel<?> model, int count, int length, String name) {
    List<Tokens> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int own = length + i % 3;
      sequences.add(model.sample(own, Seed.of(7).child(name).child(i).generator()).tokens());
    }
    return sequences;
  }

  /** Deals all tokens of all sequences out anew: what a sequence's tokens share is lost. */
  static List<Tokens> dealtAnew(List<Tokens> sequences) {
    TokenSpace space = sequences.get(0).space();
    List<Token> all = new ArrayList<>();
    for (Tokens sequence : sequences) {
      for (int l = 0; l < sequence.length(); l++) {
        all.add(sequence.get(l));
      }
    }
    List<Integer> order =
        MixtureFit.choose(all.size(), all.size(), Seed.of(8).child("deal").generator());
    List<Tokens> dealt = new ArrayList<>();
    int next = 0;
    for (Tokens sequence : sequences) {
      List<Token> hand = new ArrayList<>();
      for (int l = 0; l < sequence.length(); l++) {
        hand.add(all.get(order.get(next++)));
      }
      dealt.add(Tokens.of(space, hand));
    }
    return dealt;
  }
}
