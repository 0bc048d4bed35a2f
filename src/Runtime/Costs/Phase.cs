namespace PrivateInference.Runtime.Costs;

/// <summary>When a message is sent.</summary>
public enum Phase
{
    /// <summary>Independent of the client's input: may be done ahead and stored.</summary>
    Offline,

    /// <summary>From the client's input to its result.</summary>
    Online,
}
