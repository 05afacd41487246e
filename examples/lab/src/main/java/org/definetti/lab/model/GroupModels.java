package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.conjugate.GaussianGroups;

/** The hierarchical models of the catalogue. */
final class GroupModels {

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "gaussian-groups",
              "Measurements of several groups whose means are alike.",
              "m ~ N(m0, t2);  z_g | m ~ N(m, b2);  x | z_g ~ N(z_g, s2);  tokens (g, x)",
              "posterior, predictive, evidence",
              ANY_LENGTH,
              ordered(
                  "groups",
                  "4",
                  "prior-variance",
                  "1",
                  "group-variance",
                  "0.5",
                  "noise-variance",
                  "1"),
              s ->
                  GaussianGroups.of(
                      s.whole("groups"),
                      s.number("prior-variance"),
                      s.number("group-variance"),
                      s.number("noise-variance")),
              GaussianGroups::from));

  private GroupModels() {}
}
