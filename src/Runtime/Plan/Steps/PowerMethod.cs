namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>How a polynomial's powers come about where no dealer deals them.</summary>
public enum PowerMethod
{
    /// <summary>From shared powers of a random element, by one opening: fewest bytes and rounds online.</summary>
    HoneyBadger,

    /// <summary>
    /// From products of a power of one party's share with a polynomial of the other's: less to prepare, a word online for each power.
    /// </summary>
    Binomial,

    /// <summary>From squares and products of shares, of the powers that have a coefficient: least to prepare, more rounds online.</summary>
    Beaver,
}
