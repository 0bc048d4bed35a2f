namespace PrivateInference.Runtime.Costs;

/// <summary>Who takes part in a plan.</summary>
public enum Party
{
    /// <summary>Owns the input and learns the prediction.</summary>
    Client,

    /// <summary>Owns the weights.</summary>
    Server,

    /// <summary>Owns nothing; helps in three-party plans.</summary>
    Helper,
}
