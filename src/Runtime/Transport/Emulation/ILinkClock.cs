namespace PrivateInference.Runtime.Transport.Emulation;

/// <summary>The time that a party at an end of an emulated network has.</summary>
internal interface ILinkClock
{
    /// <summary>Seconds since the network came up.</summary>
    double Now { get; }

    /// <summary>Returns when it is at least so late.</summary>
    void WaitUntil(double time);
}
