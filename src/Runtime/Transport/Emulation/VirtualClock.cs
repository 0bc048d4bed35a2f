namespace PrivateInference.Runtime.Transport.Emulation;

/// <summary>One party's time where computing takes none: only what it waits for moves it on.</summary>
internal sealed class VirtualClock : ILinkClock
{
    public double Now { get; private set; }

    public void WaitUntil(double time) => Now = Math.Max(Now, time);
}
